"""One module a widget: a widget draws plain data and posts messages."""
