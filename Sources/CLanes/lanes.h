// Where certain bytes stand in a block of 64, as masks of one bit a byte, the lowest bit for the first byte.
//
// Swift 6.3 has no way to ask for the sign bits of a vector, which is one instruction of x86-64 (PMOVMSKB); sums of weighted lanes take
// eight. Functions are static and inline, so that they cost no call. Other processors take plain C.
#ifndef CROSSDOCK_CLANES_LANES_H
#define CROSSDOCK_CLANES_LANES_H

#include <stdint.h>

/// The bytes that a scan looks for, each 16 times.
typedef struct {
    uint8_t element[16], component[16], terminator[16];
    /// Up to two others that are not plain; one that is absent repeats another one.
    uint8_t first[16], second[16];
} crossdock_delimiters;

/// Each of them in all lanes.
static inline crossdock_delimiters crossdock_delimiters_of(
    uint8_t element, uint8_t component, uint8_t terminator, uint8_t first, uint8_t second) {
    crossdock_delimiters all;
    for (int lane = 0; lane < 16; lane++) {
        all.element[lane] = element;
        all.component[lane] = component;
        all.terminator[lane] = terminator;
        all.first[lane] = first;
        all.second[lane] = second;
    }
    return all;
}

/// `others` are the last two, bytes below 0x20, 0x7F and above, whatever else they are.
typedef struct {
    uint64_t elements, components, terminators, others;
} crossdock_masks;

#if defined(__SSE2__)
#include <emmintrin.h>

/// The sign bits of 64 lanes.
static inline __attribute__((always_inline)) uint64_t crossdock_bits(__m128i a, __m128i b, __m128i c, __m128i d) {
    uint32_t low = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    uint32_t high = (uint32_t)_mm_movemask_epi8(c) | (uint32_t)_mm_movemask_epi8(d) << 16;
    return (uint64_t)low | (uint64_t)high << 32;
}

#define CROSSDOCK_EQUAL(byte) \
    crossdock_bits(_mm_cmpeq_epi8(a, byte), _mm_cmpeq_epi8(b, byte), _mm_cmpeq_epi8(c, byte), _mm_cmpeq_epi8(d, byte))
#define CROSSDOCK_OTHER(x) \
    _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, first), _mm_cmpeq_epi8(x, second)), \
                 _mm_or_si128(_mm_cmpeq_epi8(x, deleted), _mm_cmplt_epi8(x, space)))

#define CROSSDOCK_LANES(bytes) _mm_loadu_si128((const __m128i *)(bytes))

/// Masks of the 64 bytes from `bytes` on.
static inline __attribute__((always_inline)) crossdock_masks crossdock_scan(const uint8_t *bytes, const crossdock_delimiters *by) {
    const __m128i a = CROSSDOCK_LANES(bytes), b = CROSSDOCK_LANES(bytes + 16);
    const __m128i c = CROSSDOCK_LANES(bytes + 32), d = CROSSDOCK_LANES(bytes + 48);
    const __m128i element = CROSSDOCK_LANES(by->element), component = CROSSDOCK_LANES(by->component);
    const __m128i terminator = CROSSDOCK_LANES(by->terminator);
    const __m128i first = CROSSDOCK_LANES(by->first), second = CROSSDOCK_LANES(by->second);
    const __m128i deleted = _mm_set1_epi8(0x7F), space = _mm_set1_epi8(0x20);
    crossdock_masks masks;
    masks.elements = CROSSDOCK_EQUAL(element);
    masks.components = CROSSDOCK_EQUAL(component);
    masks.terminators = CROSSDOCK_EQUAL(terminator);
    // Lanes are signed here: bytes above 0x7F are less than a space too.
    masks.others = crossdock_bits(CROSSDOCK_OTHER(a), CROSSDOCK_OTHER(b), CROSSDOCK_OTHER(c), CROSSDOCK_OTHER(d));
    return masks;
}

#undef CROSSDOCK_EQUAL
#undef CROSSDOCK_OTHER
#undef CROSSDOCK_LANES

#else

static inline crossdock_masks crossdock_scan(const uint8_t *bytes, const crossdock_delimiters *by) {
    crossdock_masks masks = {0, 0, 0, 0};
    for (int index = 0; index < 64; index++) {
        const uint8_t byte = bytes[index];
        const int isOther = byte == by->first[0] || byte == by->second[0] || byte < 0x20 || byte >= 0x7F;
        masks.elements |= (uint64_t)(byte == by->element[0]) << index;
        masks.components |= (uint64_t)(byte == by->component[0]) << index;
        masks.terminators |= (uint64_t)(byte == by->terminator[0]) << index;
        masks.others |= (uint64_t)isOther << index;
    }
    return masks;
}

#endif
#endif
