#include "CHarnessSystem.h"

#include <stdatomic.h>
#include <stddef.h>

/* The hooks of the Swift concurrency runtime, as its ConcurrencyHooks.h declares them. Weak: a runtime without them is
   simply not watched. */
#define SWIFT_CC __attribute__((swiftcall))

typedef SWIFT_CC void (*enqueue_original)(void *job);
typedef SWIFT_CC void (*enqueue_delayed_original)(unsigned long long delay, void *job);
typedef SWIFT_CC void (*enqueue_deadline_original)(long long seconds, long long nanoseconds, long long slack_seconds,
                                                   long long slack_nanoseconds, int clock, void *job);

extern SWIFT_CC void (*swift_task_enqueueGlobal_hook)(void *job, enqueue_original original) __attribute__((weak));
extern SWIFT_CC void (*swift_task_enqueueMainExecutor_hook)(void *job, enqueue_original original)
    __attribute__((weak));
extern SWIFT_CC void (*swift_task_enqueueGlobalWithDelay_hook)(unsigned long long delay, void *job,
                                                               enqueue_delayed_original original)
    __attribute__((weak));
extern SWIFT_CC void (*swift_task_enqueueGlobalWithDeadline_hook)(long long seconds, long long nanoseconds,
                                                                  long long slack_seconds,
                                                                  long long slack_nanoseconds, int clock, void *job,
                                                                  enqueue_deadline_original original)
    __attribute__((weak));

static _Atomic(harness_enqueue_witness) witness_of_all;
static __thread uint64_t watch_of_thread;

static void tell(harness_enqueue_kind kind) {
    uint64_t watch = watch_of_thread;
    if (watch == 0) return;
    harness_enqueue_witness witness = atomic_load_explicit(&witness_of_all, memory_order_acquire);
    if (!witness) return;
    /* What the witness itself enqueues is nobody's escape. */
    watch_of_thread = 0;
    witness(watch, kind);
    watch_of_thread = watch;
}

static SWIFT_CC void enqueue_global(void *job, enqueue_original original) {
    tell(HARNESS_ENQUEUE_GLOBAL);
    original(job);
}

static SWIFT_CC void enqueue_main(void *job, enqueue_original original) {
    tell(HARNESS_ENQUEUE_MAIN);
    original(job);
}

static SWIFT_CC void enqueue_delayed(unsigned long long delay, void *job, enqueue_delayed_original original) {
    tell(HARNESS_ENQUEUE_LATER);
    original(delay, job);
}

static SWIFT_CC void enqueue_deadline(long long seconds, long long nanoseconds, long long slack_seconds,
                                      long long slack_nanoseconds, int clock, void *job,
                                      enqueue_deadline_original original) {
    tell(HARNESS_ENQUEUE_LATER);
    original(seconds, nanoseconds, slack_seconds, slack_nanoseconds, clock, job);
}

int32_t harness_witness_enqueues(harness_enqueue_witness witness) {
    if (!&swift_task_enqueueGlobal_hook || !&swift_task_enqueueMainExecutor_hook ||
        !&swift_task_enqueueGlobalWithDelay_hook || !&swift_task_enqueueGlobalWithDeadline_hook)
        return 0;
    harness_enqueue_witness none = NULL;
    if (!atomic_compare_exchange_strong(&witness_of_all, &none, witness)) return 1;
    swift_task_enqueueGlobal_hook = enqueue_global;
    swift_task_enqueueMainExecutor_hook = enqueue_main;
    swift_task_enqueueGlobalWithDelay_hook = enqueue_delayed;
    swift_task_enqueueGlobalWithDeadline_hook = enqueue_deadline;
    return 1;
}

void harness_watch_thread(uint64_t watch) { watch_of_thread = watch; }
