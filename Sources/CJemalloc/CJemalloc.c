#include "CJemalloc.h"

#if defined(EPHEMERAL_COUNT_ALLOCATIONS)

#include <errno.h>
#include <jemalloc/jemalloc.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* One cache line per thread; only its thread writes it, so a relaxed load and store count without a locked add. Threads
   past the table share its last slot by atomic adds. */
#define SLOTS 512

struct slot {
    _Atomic uint64_t allocations;
    _Atomic uint64_t bytes;
    char padding[48];
};

static struct slot slots[SLOTS];
static _Atomic uint32_t used_slots;
static __thread struct slot *own __attribute__((tls_model("initial-exec")));

static struct slot *claim(void) {
    uint32_t index = atomic_fetch_add_explicit(&used_slots, 1, memory_order_relaxed);
    own = &slots[index < SLOTS ? index : SLOTS - 1];
    return own;
}

static inline void count(size_t size) {
    struct slot *slot = own ? own : claim();
    if (__builtin_expect(slot != &slots[SLOTS - 1], 1)) {
        uint64_t allocations = atomic_load_explicit(&slot->allocations, memory_order_relaxed);
        uint64_t bytes = atomic_load_explicit(&slot->bytes, memory_order_relaxed);
        atomic_store_explicit(&slot->allocations, allocations + 1, memory_order_relaxed);
        atomic_store_explicit(&slot->bytes, bytes + size, memory_order_relaxed);
    } else {
        atomic_fetch_add_explicit(&slot->allocations, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&slot->bytes, size, memory_order_relaxed);
    }
}

void *malloc(size_t size) {
    count(size);
    void *pointer = mallocx(size ? size : 1, 0);
    if (!pointer) errno = ENOMEM;
    return pointer;
}

void *calloc(size_t number, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(number, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    count(total);
    void *pointer = mallocx(total ? total : 1, MALLOCX_ZERO);
    if (!pointer) errno = ENOMEM;
    return pointer;
}

void *realloc(void *old, size_t size) {
    if (!old) return malloc(size);
    if (size == 0) {
        dallocx(old, 0);
        return NULL;
    }
    count(size);
    void *pointer = rallocx(old, size, 0);
    if (!pointer) errno = ENOMEM;
    return pointer;
}

void free(void *pointer) {
    if (pointer) dallocx(pointer, 0);
}

static void *allocate_aligned(size_t alignment, size_t size) {
    count(size);
    return mallocx(size ? size : 1, MALLOCX_ALIGN(alignment));
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1))) return EINVAL;
    void *pointer = allocate_aligned(alignment, size);
    if (!pointer) return ENOMEM;
    *result = pointer;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size) { return allocate_aligned(alignment, size); }

void *memalign(size_t alignment, size_t size) { return allocate_aligned(alignment, size); }

size_t malloc_usable_size(void *pointer) { return pointer ? sallocx(pointer, 0) : 0; }

harness_allocation_counts harness_allocations(void) {
    harness_allocation_counts sum = {0, 0};
    uint32_t used = atomic_load_explicit(&used_slots, memory_order_relaxed);
    for (uint32_t i = 0; i < used && i < SLOTS; i++) {
        sum.allocations += atomic_load_explicit(&slots[i].allocations, memory_order_relaxed);
        sum.bytes += atomic_load_explicit(&slots[i].bytes, memory_order_relaxed);
    }
    return sum;
}

harness_allocation_counts harness_thread_allocations(void) {
    if (!own) return (harness_allocation_counts){0, 0};
    return (harness_allocation_counts){atomic_load_explicit(&own->allocations, memory_order_relaxed),
                                       atomic_load_explicit(&own->bytes, memory_order_relaxed)};
}

int harness_allocations_available(void) {
    uint64_t before = harness_allocations().allocations;
    void *volatile probe = malloc(32);
    free(probe);
    return harness_allocations().allocations > before;
}

#else

harness_allocation_counts harness_allocations(void) { return (harness_allocation_counts){0, 0}; }

harness_allocation_counts harness_thread_allocations(void) { return (harness_allocation_counts){0, 0}; }

int harness_allocations_available(void) { return 0; }

#endif
