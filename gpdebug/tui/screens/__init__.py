"""One module a screen: a screen composes widgets and forwards messages; what they mean is decided below."""
