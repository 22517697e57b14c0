/* NF4 for a CPU: equal, bit for bit, to quant.nf4 with backend="torch".
 *
 * Dequantization:
 *
 *     w_i = round(code[q_i] * absmax_b)        b = i / blocksize
 *
 * A block has one absmax, so it has 16 possible weights. They are computed and rounded once a block, and
 * each element is then a lookup in a table of 16 bytes, which is one instruction for 16 elements on any
 * x86-64 (pshufb) or ARM (tbl) of the last fifteen years. A weight of n bytes takes n such tables, one for
 * each of its bytes. Read: N / 2 + 4 N / blocksize bytes; written: 2 N (bfloat16) or 4 N (float32).
 *
 * Quantization, below, is the definition in plain loops, which a compiler turns into vector code.
 *
 * quant/kernels/cpu.py compiles this file, once, with the C compiler of the machine.
 */
#include <stdint.h>
#include <string.h>

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint16_t halves __attribute__((vector_size(16)));
typedef uint32_t words __attribute__((vector_size(64)));
typedef float floats __attribute__((vector_size(64)));

static const floats CODE = {
    -1.0f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f,
    -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0.0f,
    0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
    0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1.0f,
};

/* lookup(t, i)[k] = t[i[k]]; zip_low and zip_high interleave the first and the second halves of a and b. */
#ifdef __clang__
static inline bytes lookup(bytes table, bytes index) {
    bytes out;
    for (int k = 0; k < 16; k++) out[k] = table[index[k]];
    return out;
}
#define PICK(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define lookup(table, index) __builtin_shuffle(table, index)
#define PICK(a, b, ...) __builtin_shuffle(a, b, (__typeof__(a)){__VA_ARGS__})
#endif
#define zip_low(a, b) PICK(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define zip_high(a, b) PICK(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define zip_halves_low(a, b) PICK(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define zip_halves_high(a, b) PICK(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

/* The 16 weights of a block as float32 bit patterns. */
static inline words products(float absmax) {
    floats weights = CODE * absmax;
    words bits;
    memcpy(&bits, &weights, sizeof bits);
    return bits;
}

/* Round float32 to bfloat16, to nearest even; the result is in the high two bytes. A NaN stays one. */
static inline words to_bfloat16(words bits) {
    words nan = (words)((bits & 0x7fffffff) > 0x7f800000);
    return (nan & 0x7fc00000) | (~nan & (bits + 0x7fff + ((bits >> 16) & 1)));
}

static inline bytes byte_of(words bits, int k) {
    return __builtin_convertvector((bits >> (8 * k)) & 255, bytes);
}

/* The levels of 16 packed bytes, in the order of the elements: 32 indices in two vectors. */
static inline void unpack(const uint8_t *packed, bytes index[2]) {
    bytes both;
    memcpy(&both, packed, 16);
    bytes even = both >> 4, odd = both & 15;
    index[0] = zip_low(even, odd);
    index[1] = zip_high(even, odd);
}

static inline void store(void *out, bytes sixteen) { memcpy(out, &sixteen, 16); }

static inline int level(const uint8_t *packed, int64_t i) {
    return i % 2 ? packed[i / 2] & 15 : packed[i / 2] >> 4;
}

/* One block of n elements into bfloat16. */
static inline void block_bf16(const uint8_t *packed, float absmax, uint16_t *out, int64_t n) {
    words bits = to_bfloat16(products(absmax));
    bytes t2 = byte_of(bits, 2), t3 = byte_of(bits, 3), index[2];
    int64_t i = 0;
    for (; i + 32 <= n; i += 32) {
        unpack(packed + i / 2, index);
        for (int half = 0; half < 2; half++) {
            bytes b2 = lookup(t2, index[half]), b3 = lookup(t3, index[half]);
            store(out + i + 16 * half, zip_low(b2, b3));
            store(out + i + 16 * half + 8, zip_high(b2, b3));
        }
    }
    for (; i < n; i++) out[i] = (uint16_t)(bits[level(packed, i)] >> 16);
}

/* One block of n elements into float32. */
static inline void block_f32(const uint8_t *packed, float absmax, uint32_t *out, int64_t n) {
    words bits = products(absmax);
    bytes t0 = byte_of(bits, 0), t1 = byte_of(bits, 1), t2 = byte_of(bits, 2), t3 = byte_of(bits, 3);
    bytes index[2];
    int64_t i = 0;
    for (; i + 32 <= n; i += 32) {
        unpack(packed + i / 2, index);
        for (int half = 0; half < 2; half++) {
            bytes b0 = lookup(t0, index[half]), b1 = lookup(t1, index[half]);
            bytes b2 = lookup(t2, index[half]), b3 = lookup(t3, index[half]);
            halves b01 = (halves)zip_low(b0, b1), b23 = (halves)zip_low(b2, b3);
            store(out + i + 16 * half, (bytes)zip_halves_low(b01, b23));
            store(out + i + 16 * half + 4, (bytes)zip_halves_high(b01, b23));
            b01 = (halves)zip_high(b0, b1), b23 = (halves)zip_high(b2, b3);
            store(out + i + 16 * half + 8, (bytes)zip_halves_low(b01, b23));
            store(out + i + 16 * half + 12, (bytes)zip_halves_high(b01, b23));
        }
    }
    for (; i < n; i++) out[i] = bits[level(packed, i)];
}

/* packed (ceil(n / 2)) bytes, absmax (ceil(n / blocksize)), out (n); blocksize a multiple of 32. */
#define DEQUANTIZE(name, block, type)                                                              \
    void name(const uint8_t *packed, const float *absmax, type *out, int64_t n, int64_t blocksize) { \
        int64_t blocks = (n + blocksize - 1) / blocksize;                                          \
        _Pragma("omp parallel for if (n > 32768)")                                                 \
        for (int64_t b = 0; b < blocks; b++) {                                                     \
            int64_t start = b * blocksize, left = n - start;                                       \
            block(packed + start / 2, absmax[b], out + start, left < blocksize ? left : blocksize); \
        }                                                                                          \
    }

DEQUANTIZE(dequantize_nf4_bf16, block_bf16, uint16_t)
DEQUANTIZE(dequantize_nf4_f32, block_f32, uint32_t)

/* q = the number of thresholds, midpoints of neighbouring levels, that are below x. */
static inline int nearest(float x) {
    int q = 0;
    for (int k = 0; k < 15; k++) q += x > (CODE[k] + CODE[k + 1]) / 2;
    return q;
}

/* The largest magnitude of n numbers. As integers, float bit patterns without their sign have the
 * order of the numbers, and a NaN is above infinity: it is not lost. */
static inline float largest(const float *x, int64_t n) {
    uint32_t most = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, 4);
        bits &= 0x7fffffff;
        most = bits > most ? bits : most;
    }
    float magnitude;
    memcpy(&magnitude, &most, 4);
    return magnitude;
}

/* One block of n elements, a multiple of 32. */
static inline void quantize_block(const float *x, uint8_t *packed, float scale, int64_t n) {
    for (int64_t i = 0; i < n; i += 32) {
        int32_t q[32];
        for (int k = 0; k < 32; k++) q[k] = nearest(x[i + k] * scale);
        for (int k = 0; k < 16; k++) packed[i / 2 + k] = (uint8_t)(q[2 * k] << 4 | q[2 * k + 1]);
    }
}

/* x (n) in whole blocks; packed (n / 2); absmax (n / blocksize); smallest as in quant.nf4. */
void quantize_nf4_f32(const float *x, uint8_t *packed, float *absmax, int64_t n, int64_t blocksize,
                      float smallest) {
    _Pragma("omp parallel for if (n > 32768)")
    for (int64_t b = 0; b < n / blocksize; b++) {
        const float *block = x + b * blocksize;
        absmax[b] = largest(block, blocksize);
        float divisor = absmax[b] > smallest ? absmax[b] : smallest;
        quantize_block(block, packed + b * blocksize / 2, 1.0f / divisor, blocksize);
    }
}
