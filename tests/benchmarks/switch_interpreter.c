/* What a C programmer writes first: one switch. Built by bench_machine.py with gcc -O3. */
#include <stdint.h>

enum { NOP, HALT, MOVE0, MOVE1, ADD, SET, COPY01, COPY10, OPEN, CLOSE, READ, WRITE, STASH, UNSTASH };
enum { RUNNING, FINISHED, STEP_LIMIT, HALTED, OUT_OF_BOUNDS, UNMATCHED, INPUT_EXHAUSTED, OUTPUT_LIMIT };

/* registers: pc head0 head1 steps status input_pos spare written; settings: limit edge unmatched eof out_limit */
void run(const uint8_t *ops, const int64_t *arguments, const int32_t *partners, int64_t length, uint8_t *memory,
         int64_t cells, const uint8_t *data, int64_t data_length, uint8_t *output, int64_t *registers,
         const int64_t *settings)
{
    int64_t pc = registers[0], h0 = registers[1], h1 = registers[2], steps = registers[3], status = RUNNING;
    int64_t at = registers[5], spare = registers[6], written = registers[7], to;
    const int64_t limit = settings[0], edge = settings[1], eof = settings[3], out_limit = settings[4];

    while (status == RUNNING) {
        if (pc >= length) { status = FINISHED; break; }
        if (steps >= limit) { status = STEP_LIMIT; break; }
        switch (ops[pc]) {
        case MOVE0:
            to = h0 + arguments[pc];
            if ((uint64_t)to >= (uint64_t)cells) {
                if (edge) { status = OUT_OF_BOUNDS; goto end; }
                to -= cells;
            }
            h0 = to;
            break;
        case MOVE1:
            to = h1 + arguments[pc];
            if ((uint64_t)to >= (uint64_t)cells) {
                if (edge) { status = OUT_OF_BOUNDS; goto end; }
                to -= cells;
            }
            h1 = to;
            break;
        case ADD: memory[h0] += (uint8_t)arguments[pc]; break;
        case SET: memory[h0] = (uint8_t)arguments[pc]; break;
        case COPY01: memory[h1] = memory[h0]; break;
        case COPY10: memory[h0] = memory[h1]; break;
        case OPEN:
            if (memory[h0] == 0) {
                if (partners[pc] < 0) { status = UNMATCHED; goto end; }
                pc = partners[pc];
            }
            break;
        case CLOSE:
            if (memory[h0] != 0) {
                if (partners[pc] < 0) { status = UNMATCHED; goto end; }
                pc = partners[pc];
            }
            break;
        case READ:
            if (at < data_length) memory[h0] = data[at++];
            else if (eof == 0) memory[h0] = 0;
            else if (eof == 2) { status = INPUT_EXHAUSTED; goto end; }
            break;
        case WRITE:
            if (written >= out_limit) { status = OUTPUT_LIMIT; goto end; }
            output[written++] = memory[h0];
            break;
        case STASH: spare = memory[h0]; break;
        case UNSTASH: memory[h0] = (uint8_t)spare; break;
        case HALT: status = HALTED; break;
        default: break;
        }
        pc++;
        steps++;
    }
end:
    registers[0] = pc; registers[1] = h0; registers[2] = h1; registers[3] = steps;
    registers[4] = status; registers[5] = at; registers[6] = spare; registers[7] = written;
}
