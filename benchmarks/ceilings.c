/* What this machine can do at most: bytes copied, bytes fetched from anywhere. One number a line.
 *
 *     ceilings THREADS MEGABYTES         MEGABYTES of each of three arrays of numbers; as many gathers as numbers
 *
 * Best of nine times, a second: a ceiling is what was reached once. Copy and triad count the bytes the program names, as
 * the STREAM benchmark does; a gather adds up single bytes from hashed places of an array.
 */
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { TIMES = 9 };

static void told(const char *name, double amount, const double *seconds) {
    double best = seconds[0];
    for (int k = 1; k < TIMES; k++) best = seconds[k] < best ? seconds[k] : best;
    printf("%s %.6g\n", name, amount / best);
}

static void *memory(uint64_t bytes) {
    void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) exit(1);
#ifdef MADV_HUGEPAGE
    madvise(place, bytes, MADV_HUGEPAGE);
#endif
    return place;
}

static void streams(uint64_t n) {
    double *a = memory(n * 8), *b = memory(n * 8), *c = memory(n * 8), copy[TIMES], triad[TIMES], read[TIMES], sum = 0;
#pragma omp parallel for
    for (uint64_t i = 0; i < n; i++) a[i] = 1, b[i] = 2, c[i] = 3;
    for (int k = 0; k < TIMES; k++) {
        double begun = omp_get_wtime();
#pragma omp parallel for
        for (uint64_t i = 0; i < n; i++) c[i] = a[i];
        copy[k] = omp_get_wtime() - begun, begun = omp_get_wtime();
#pragma omp parallel for
        for (uint64_t i = 0; i < n; i++) a[i] = b[i] + 3 * c[i];
        triad[k] = omp_get_wtime() - begun, begun = omp_get_wtime();
#pragma omp parallel for simd reduction(+ : sum)
        for (uint64_t i = 0; i < n; i++) sum += a[i];
        read[k] = omp_get_wtime() - begun;
    }
    told("copy", n * 16.0, copy), told("triad", n * 24.0, triad), told("read", n * 8.0, read);
    if (sum < 0) printf("never\n");
    munmap(a, n * 8), munmap(b, n * 8), munmap(c, n * 8);
}

static void gather(const char *name, uint64_t n, uint64_t bytes) {
    uint8_t *bag = memory(bytes);
    double seconds[TIMES];
    uint64_t sum = 0;
    memset(bag, 1, bytes);
    for (int k = 0; k < TIMES; k++) {
        double begun = omp_get_wtime();
#pragma omp parallel for reduction(+ : sum)
        for (uint64_t i = 0; i < n; i++) {
            uint64_t x = (i + k) * 0x9E3779B97F4A7C15ULL;
            x ^= x >> 32, x *= 0xD6E8FEB86659FD93ULL, x ^= x >> 32;
            sum += bag[(uint64_t)((unsigned __int128)x * bytes >> 64)];
        }
        seconds[k] = omp_get_wtime() - begun;
    }
    told(name, sum == n * TIMES ? n : 0, seconds);
    munmap(bag, bytes);
}

int main(int argc, char **argv) {
    if (argc != 3) return fprintf(stderr, "ceilings: ceilings THREADS MEGABYTES\n"), 2;
    omp_set_num_threads(atoi(argv[1]));
    uint64_t n = strtoull(argv[2], NULL, 10) * 125000;
    streams(n);
    gather("gather_1_MB", n, 1000000), gather("gather_10_MB", n, 10000000), gather("gather_100_MB", n, 100000000);
    return 0;
}
