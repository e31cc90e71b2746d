/* W by hand, for the speed of it: five bytes a citizen, blocks that compilers turn into vector instructions, OpenMP.
 *
 *     w MODE CITIZENS DAYS THREADS SEED        MODE: push or pull
 *
 * push keeps for everybody the number of listed friends and tells the friends of those whose flag flips; pull counts
 * them anew every day through the table of friends (compressed sparse rows, all of ten entries). The rest is the same
 * code. One draw of 64 bits a day gives three chances of 21 bits. Prints one JSON object, as program.py does.
 */
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

enum { BLOCK = 2048, RINGS = 5, FRIENDS = 2 * RINGS, MOST_DAYS = 1000 };
enum { BASE = 1000, CEILING = 1300, LISTED_BELOW = 900, OFF_ABOVE = 950, LISTED_FRIENDS = 3, COST = 20, REWARD = 5 };
enum { RECORDED = 3146, PROSOCIAL = 20972, TRAVEL = 10486 }; /* 0.15 %, 1 % and 0.5 % of 2^21 */
#define GOLDEN 0x9E3779B97F4A7C15ULL
#define PART 0x1FFFFFULL

/* Traits of a citizen in 16 bits: infraction class 0-6, prosocial class 8-9, travel class 12-13, listed 15. */
typedef struct {
    int16_t *score;
    uint16_t *traits;
    uint8_t *around;   /* listed friends */
    uint64_t *bits[2]; /* listed, for pull: yesterday's and today's */
    uint32_t *friends;
    uint64_t n, padded, key;
    int pull;
} World;

typedef struct {
    int64_t listed, refused, score;
} Counts;

static inline uint64_t mixed(uint64_t z) {
    z ^= z >> 30, z *= 0xBF58476D1CE4E5B9ULL;
    z ^= z >> 27, z *= 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

static void *memory(uint64_t bytes) {
    void *place = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) {
        fprintf(stderr, "w: no memory\n");
        exit(1);
    }
#ifdef MADV_HUGEPAGE
    madvise(place, bytes, MADV_HUGEPAGE);
#endif
    return place;
}

static inline int infracts(uint64_t u, uint32_t traits) { return (uint32_t)(u & PART) < (traits & 127) * RECORDED; }
static inline int helps(uint64_t u, uint32_t traits) {
    return (uint32_t)(u >> 21 & PART) < (traits >> 8 & 3) * PROSOCIAL;
}
static inline int travels(uint64_t u, uint32_t traits) { return (uint32_t)(u >> 42 & PART) < (traits >> 12 & 3) * TRAVEL; }

/* Draw classes, start scores and five random rings. */
static void people(World *w) {
    for (uint64_t i = 0; i < w->padded; i++) {
        uint64_t u = mixed(i * GOLDEN + w->key);
        uint32_t share = u & 0xFFFF; /* 10, 37, 50 and 3 % of 2^16 */
        uint32_t infraction = share < 6554 ? 1 : share < 30802 ? 2 : share < 63570 ? 4 : 33;
        uint32_t prosocial = (u >> 16 & 0xFFFF) * 3 >> 16, travel = (u >> 32 & 0xFFFF) * 3 >> 16;
        int score = infraction == 33 ? 850 + (int)(u >> 48 & 127) : BASE;
        w->score[i] = i < w->n ? score : BASE;
        w->traits[i] = i < w->n ? infraction | prosocial << 8 | travel << 12 | (score < 925) << 15 : 0;
    }
    uint32_t *order = memory(w->n * 4);
    for (int ring = 0; ring < RINGS; ring++) {
        for (uint64_t i = 0; i < w->n; i++) order[i] = i;
        for (uint64_t i = w->n - 1; i > 0; i--) {
            uint64_t j = (uint64_t)((unsigned __int128)mixed(i * GOLDEN + w->key + ring + 1) * (i + 1) >> 64);
            uint32_t other = order[i];
            order[i] = order[j], order[j] = other;
        }
        for (uint64_t i = 0; i < w->n; i++) {
            uint32_t *mine = w->friends + (uint64_t)order[i] * FRIENDS + 2 * ring;
            mine[0] = order[i + 1 == w->n ? 0 : i + 1], mine[1] = order[i ? i - 1 : w->n - 1];
        }
    }
    munmap(order, w->n * 4);
}

/* Count the listed friends of everybody: what pull does every day, and push before the first. */
static void count_block(const World *w, const uint64_t *listed, uint64_t first) {
    uint64_t end = first + BLOCK < w->n ? first + BLOCK : w->n;
    for (uint64_t i = first; i < end; i++) {
        int around = 0;
        for (int k = 0; k < FRIENDS; k++) {
            uint32_t friend = w->friends[i * FRIENDS + k];
            around += listed[friend >> 6] >> (friend & 63) & 1;
        }
        w->around[i] = around;
    }
}

/* One day of one block. Flips are written to `flips`; their number is returned. */
static int live_block(World *w, uint64_t first, uint64_t key, uint32_t *flips, Counts *counts) {
    int16_t *score = w->score + first;
    uint16_t *traits = w->traits + first;
    const uint8_t *around = w->around + first;
    uint8_t marked[BLOCK] __attribute__((aligned(64)));
    for (int j = 0; j < BLOCK; j++) {
        uint64_t u = mixed((first + j) * GOLDEN + key);
        marked[j] = infracts(u, traits[j]) | helps(u, traits[j]) | travels(u, traits[j]);
    }
    for (int word = 0; word < BLOCK / 8; word++) {
        for (uint64_t left = ((uint64_t *)marked)[word]; left; left &= left - 1) {
            int j = word * 8 + (__builtin_ctzll(left) >> 3);
            uint64_t u = mixed((first + j) * GOLDEN + key);
            score[j] += REWARD * helps(u, traits[j]) - COST * infracts(u, traits[j]);
            counts->refused += travels(u, traits[j]) & traits[j] >> 15;
        }
    }
    int sum = 0, flipped = 0;
    for (int j = 0; j < BLOCK; j++) {
        int now = score[j] - (around[j] >= LISTED_FRIENDS), was = traits[j] >> 15;
        now += now < BASE;
        score[j] = now = now < 0 ? 0 : now > CEILING ? CEILING : now;
        sum += now;
        marked[j] = was ^ ((now < LISTED_BELOW) | (was & (now <= OFF_ABOVE)));
    }
    for (int word = 0; word < BLOCK / 8; word++) {
        for (uint64_t left = ((uint64_t *)marked)[word]; left; left &= left - 1) {
            int j = word * 8 + (__builtin_ctzll(left) >> 3);
            traits[j] ^= 0x8000;
            counts->listed += traits[j] >> 15 ? 1 : -1;
            flips[flipped++] = first + j;
        }
    }
    counts->score += sum;
    return flipped;
}

static void publish_block(const World *w, uint64_t *listed, uint64_t first) {
    for (int word = 0; word < BLOCK / 64; word++) {
        uint64_t bits = 0;
        for (int j = 0; j < 64; j++) bits |= (uint64_t)(w->traits[first + word * 64 + j] >> 15) << j;
        listed[first / 64 + word] = bits;
    }
}

static void push_flips(World *w, const uint32_t *flips, int64_t number) {
    for (int64_t k = 0; k < number; k++) {
        uint8_t change = w->traits[flips[k]] >> 15 ? 1 : 255;
        for (int f = 0; f < FRIENDS; f++)
            __atomic_fetch_add(w->around + w->friends[(uint64_t)flips[k] * FRIENDS + f], change, __ATOMIC_RELAXED);
    }
}

/* One day: blocks on all threads, each with a list of flips of its own, which are told when all have lived. */
static Counts live(World *w, int day, uint32_t **flips, int threads) {
    uint64_t key = mixed(w->key + GOLDEN * (uint64_t)(day + 1000));
    const uint64_t *before = w->bits[day & 1];
    uint64_t *after = w->bits[(day + 1) & 1];
    int64_t listed = 0, refused = 0, score = 0;
    int64_t numbers[threads];
    memset(numbers, 0, sizeof numbers);
#pragma omp parallel reduction(+ : listed, refused, score)
    {
        int me = omp_get_thread_num();
        Counts mine = {0, 0, 0};
#pragma omp for schedule(dynamic, 64)
        for (uint64_t first = 0; first < w->padded; first += BLOCK) {
            if (w->pull) count_block(w, before, first);
            numbers[me] += live_block(w, first, key, flips[me] + numbers[me], &mine);
            if (w->pull) publish_block(w, after, first);
        }
        if (!w->pull) push_flips(w, flips[me], numbers[me]);
        listed += mine.listed, refused += mine.refused, score += mine.score;
    }
    return (Counts){listed, refused, score - (int64_t)(w->padded - w->n) * BASE};
}

static World world(uint64_t n, uint64_t seed, int pull) {
    World w = {.n = n, .padded = (n + BLOCK - 1) / BLOCK * BLOCK, .key = mixed(seed * GOLDEN), .pull = pull};
    w.score = memory(w.padded * 2), w.traits = memory(w.padded * 2), w.around = memory(w.padded);
    w.friends = memory(n * FRIENDS * 4);
    for (int k = 0; k < 2; k++) w.bits[k] = memory(w.padded / 8);
    people(&w);
    for (uint64_t first = 0; first < w.padded; first += BLOCK) publish_block(&w, w.bits[0], first);
    for (uint64_t first = 0; first < w.padded; first += BLOCK) count_block(&w, w.bits[0], first);
    return w;
}

static void print_list(const char *name, const double *values, int days, double over, const char *form) {
    printf("\"%s\": [", name);
    for (int d = 0; d < days; d++) printf(form, values[d] / over), printf(d + 1 < days ? ", " : "], ");
}

int main(int argc, char **argv) {
    if (argc != 6 || atoi(argv[3]) > MOST_DAYS) return fprintf(stderr, "w: w MODE CITIZENS DAYS THREADS SEED\n"), 2;
    int pull = !strcmp(argv[1], "pull"), days = atoi(argv[3]), threads = atoi(argv[4]);
    static double seconds[MOST_DAYS], processor[MOST_DAYS], listed[MOST_DAYS], refused[MOST_DAYS], score[MOST_DAYS];
    omp_set_num_threads(threads);
    double begun = omp_get_wtime();
    World w = world(strtoull(argv[2], NULL, 10), strtoull(argv[5], NULL, 10), pull);
    int64_t on = 0;
    for (uint64_t i = 0; i < w.n; i++) on += w.traits[i] >> 15;
    uint32_t **flips = malloc(sizeof *flips * threads);
    for (int t = 0; t < threads; t++) flips[t] = memory((w.padded + BLOCK) * 4); /* touched only as far as used */
    double made = omp_get_wtime() - begun;
    for (int d = 0; d < days; d++) {
        clock_t busy = clock();
        begun = omp_get_wtime();
        Counts counts = live(&w, d, flips, threads);
        seconds[d] = omp_get_wtime() - begun;
        processor[d] = (double)(clock() - busy) / CLOCKS_PER_SEC;
        listed[d] = on += counts.listed, refused[d] = counts.refused, score[d] = counts.score;
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"version\": \"C, %s\", \"citizens\": %llu, \"threads\": %d, \"setup_s\": %g, ", __VERSION__,
           (unsigned long long)w.n, threads, made);
    print_list("day_s", seconds, days, 1, "%.9g"), print_list("processor_s", processor, days, 1, "%.9g");
    print_list("listed", listed, days, 1, "%.0f");
    print_list("refused", refused, days, 1, "%.0f"), print_list("mean", score, days, w.n, "%.9g");
    printf("\"bytes\": %lld}\n", (long long)used.ru_maxrss * 1024);
    return 0;
}
