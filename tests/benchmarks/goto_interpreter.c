/* What a C programmer makes of batch evaluation: computed gotos, one word an instruction. Built by
   bench_evaluate.py with gcc -O3 -march=native. Programs apart from their memory, unmatched = "ignore". */
#include <stdint.h>
#include <string.h>

enum { NOP, HALT, MOVE0, MOVE1, ADD, SET, COPY01, COPY10, OPEN, CLOSE, READ, WRITE, STASH, UNSTASH, END };
enum { RUNNING, FINISHED, STEP_LIMIT, HALTED, OUT_OF_BOUNDS, UNMATCHED, INPUT_EXHAUSTED, OUTPUT_LIMIT };
enum { LIMIT, EDGE, UNMATCHED_SETTING, EOF_SETTING, OUT_LIMIT, OUT_START, OUT_LENGTH };

static void link_program(const uint8_t *source, int64_t length, const int64_t *decoded, int64_t *words, int64_t *stack)
{
    int64_t depth = 0;
    for (int64_t pc = 0; pc < length; pc++) {
        int64_t word = decoded[source[pc]];
        if ((word & 255) == OPEN) {
            stack[depth++] = pc;
            word = NOP;
        } else if ((word & 255) == CLOSE) {
            word = NOP;
            if (depth) {
                words[stack[--depth]] = OPEN | pc << 8;
                word = CLOSE | stack[depth] << 8;
            }
        }
        words[pc] = word;
    }
    words[length] = END;
}

static int64_t run(const int64_t *code, uint8_t *memory, int64_t cells, const uint8_t *data, int64_t size,
                   uint8_t *output, const int64_t *settings, int64_t h0, int64_t h1, uint8_t *status, int64_t *written)
{
    static const void *labels[] = {&&nop, &&halt, &&move0, &&move1, &&add, &&set, &&copy01, &&copy10,
                                   &&open, &&close, &&read, &&write, &&stash, &&unstash, &&end};
    const int64_t limit = settings[LIMIT], edge = settings[EDGE], eof = settings[EOF_SETTING];
    const int64_t out_limit = settings[OUT_LIMIT];
    int64_t pc = 0, left = limit, at = 0, to, word;
    uint8_t spare = 0;
    *written = 0;

#define FETCH do { word = code[pc]; if (left == 0) goto over; goto *labels[word & 255]; } while (0)
#define NEXT do { pc++; left--; FETCH; } while (0)
#define FAULT(kind) do { *status = kind; return limit - left; } while (0)
    FETCH;
nop: NEXT;
halt: *status = HALTED; return limit - left + 1;
move0:
    to = h0 + (word >> 8);
    if ((uint64_t)to >= (uint64_t)cells) { if (edge) FAULT(OUT_OF_BOUNDS); to -= cells; }
    h0 = to;
    NEXT;
move1:
    to = h1 + (word >> 8);
    if ((uint64_t)to >= (uint64_t)cells) { if (edge) FAULT(OUT_OF_BOUNDS); to -= cells; }
    h1 = to;
    NEXT;
add: memory[h0] += (uint8_t)(word >> 8); NEXT;
set: memory[h0] = (uint8_t)(word >> 8); NEXT;
copy01: memory[h1] = memory[h0]; NEXT;
copy10: memory[h0] = memory[h1]; NEXT;
open: if (memory[h0] == 0) pc = word >> 8; NEXT;
close: if (memory[h0] != 0) pc = word >> 8; NEXT;
read:
    if (at < size) memory[h0] = data[at++];
    else if (eof == 0) memory[h0] = 0;
    else if (eof == 2) FAULT(INPUT_EXHAUSTED);
    NEXT;
write:
    if (*written >= out_limit) FAULT(OUTPUT_LIMIT);
    output[(*written)++] = memory[h0];
    NEXT;
stash: spare = memory[h0]; NEXT;
unstash: memory[h0] = spare; NEXT;
end: *status = FINISHED; return limit - left;
over: *status = (word & 255) == END ? FINISHED : STEP_LIMIT; return limit;
}

/* scratch: words and stack, int64[2][length of the longest + 1]; outputs [programs][cases][width], zero before. */
void evaluate(const uint8_t *source, const int64_t *offsets, int64_t programs, const uint8_t *inputs,
              const int64_t *input_offsets, int64_t cases, const int64_t *decoded, const int64_t *settings,
              int64_t in_at, int64_t head0, int64_t head1, int64_t streams, int64_t cells, uint8_t *memory,
              uint8_t *output, int64_t *words, int64_t *stack, uint8_t *outputs, int64_t width, int32_t *lengths,
              int64_t *steps, uint8_t *status)
{
    for (int64_t program = 0; program < programs; program++) {
        link_program(source + offsets[program], offsets[program + 1] - offsets[program], decoded, words, stack);
        for (int64_t each = 0; each < cases; each++) {
            const uint8_t *data = inputs + input_offsets[each];
            int64_t size = input_offsets[each + 1] - input_offsets[each], row = program * cases + each, length;
            memset(memory, 0, cells);
            if (!streams) memcpy(memory + in_at, data, size);
            steps[row] = run(words, memory, cells, data, size, output, settings, head0, head1, status + row, &length);
            const uint8_t *from = output;
            if (!streams) {
                from = memory + settings[OUT_START];
                length = settings[OUT_LENGTH];
                if (length < 0) for (length = 0; length < cells - settings[OUT_START] && from[length]; length++) {}
            }
            lengths[row] = (int32_t)length;
            memcpy(outputs + row * width, from, length < width ? length : width);
        }
    }
}
