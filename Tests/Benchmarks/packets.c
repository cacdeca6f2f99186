/* The checksum of 1,500 bytes (RFC 1071) as loops that a compiler turns into vectors, for comparison with PacketSpeed.
 *
 *     packets LOOP COUNT      LOOP is 16, 32 or 64: bits of a step
 *
 * Prints the nanoseconds of one turn, and something that depends on every turn. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { length = 1500 };

static uint16_t fold(uint64_t sum) {
    sum = (sum & 0xFFFFFFFF) + (sum >> 32);
    sum = (sum & 0xFFFF) + (sum >> 16);
    sum = (sum & 0xFFFF) + (sum >> 16);
    return ~(uint16_t)((sum & 0xFFFF) + (sum >> 16));
}

__attribute__((noinline)) static uint16_t steps16(const uint8_t *bytes) {
    uint32_t sum = 0; /* 750 words cannot overflow it */
    for (int i = 0; i < length / 2; i++) {
        uint16_t word;
        memcpy(&word, bytes + 2 * i, 2);
        sum += word;
    }
    return fold(sum);
}

__attribute__((noinline)) static uint16_t steps32(const uint8_t *bytes) {
    uint64_t sum = 0;
    for (int i = 0; i < length / 4; i++) {
        uint32_t word;
        memcpy(&word, bytes + 4 * i, 4);
        sum += word;
    }
    return fold(sum);
}

__attribute__((noinline)) static uint16_t steps64(const uint8_t *bytes) {
    uint64_t low = 0, high = 0;
    for (int i = 0; i < length / 8; i++) {
        uint64_t word;
        memcpy(&word, bytes + 8 * i, 8);
        low += word & 0xFFFFFFFF;
        high += word >> 32;
    }
    uint32_t rest;
    memcpy(&rest, bytes + length - 4, 4);
    return fold(low + high + rest);
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments != 3) return 2;
    uint16_t (*loop)(const uint8_t *) = atoi(arguments[1]) == 16 ? steps16 : atoi(arguments[1]) == 32 ? steps32 : steps64;
    long count = atol(arguments[2]);
    uint8_t bytes[length];
    for (int i = 0; i < length; i++) bytes[i] = i * 37;
    struct timespec start, end;
    uint64_t sum = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long turn = 0; turn < count; turn++) {
        bytes[0] = turn;
        sum += loop(bytes);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double nanoseconds = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
    printf("%f %llu\n", nanoseconds / count, (unsigned long long)sum);
    return 0;
}
