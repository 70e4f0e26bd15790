/* System calls of the harness that Swift's Glibc module does not offer. */
#ifndef C_HARNESS_SYSTEM_H
#define C_HARNESS_SYSTEM_H

#include <stdint.h>

/* A small number for the calling thread, from 0, stable for the thread's life: the index of its recording shard.
   Numbers are given out in order of first use; after `EPHEMERAL_THREAD_SHARDS` they repeat. */
#define EPHEMERAL_THREAD_SHARDS 64
uint32_t harness_next_thread_shard(void);

/* One for the whole program: a variable within the function below would be another one in every file that calls it, and
   one thread would write to several shards, whose order differs from process to process. */
extern __thread uint32_t harness_thread_shard_number __attribute__((tls_model("initial-exec")));

static inline uint32_t harness_thread_shard(void) {
    uint32_t number = harness_thread_shard_number;
    if (__builtin_expect(number == 0, 0)) harness_thread_shard_number = number = harness_next_thread_shard() + 1;
    return number - 1;
}

/* Nanoseconds of CLOCK_BOOTTIME, the clock behind Swift's ContinuousClock. */
int64_t harness_clock_nanoseconds(void);

/* Sleeps until an absolute time as given by harness_clock_nanoseconds. */
void harness_sleep_until(int64_t nanoseconds);

/* Takes the 50 us of slack off the calling thread's timers. */
void harness_minimise_timer_slack(void);

/* CPU time of the calling thread in nanoseconds. */
int64_t harness_thread_cpu_nanoseconds(void);

/* CPU time of the whole process, user and system, in nanoseconds. */
int64_t harness_process_cpu_nanoseconds(void);

/* An event that one thread sleeps on and others signal: a file descriptor, or -1 when the system has none left. */
int32_t harness_event_create(void);
void harness_event_destroy(int32_t event);

/* Wakes the sleeper now, or makes its next wait return at once. May be called from any thread and signal handler. */
void harness_event_signal(int32_t event);

/* Waits for the event's signal or an absolute time as given by harness_clock_nanoseconds; returns whether it was the
   signal. Precise to the timer: the last two milliseconds are a clock_nanosleep, deaf to the signal. */
int32_t harness_event_wait(int32_t event, int64_t deadline);

/* Counts of the whole process. */
typedef struct {
    int64_t context_switches;
    int64_t peak_resident_bytes;
    int64_t threads;
} harness_process_usage;
harness_process_usage harness_usage(void);

/* What the scheduler says of the calling thread, in nanoseconds: how long it ran, and how long it was ready and had to
   wait for a CPU. The rest of its life it was blocked. Returns whether the kernel tells. */
int32_t harness_thread_schedule(int64_t *ran, int64_t *waited);

/* What the runtime is asked for while a thread is watched. */
typedef enum {
    HARNESS_ENQUEUE_GLOBAL = 0,
    HARNESS_ENQUEUE_MAIN = 1,
    HARNESS_ENQUEUE_LATER = 2
} harness_enqueue_kind;

typedef void (*harness_enqueue_witness)(uint64_t watch, harness_enqueue_kind kind);

/* Calls `witness` for every job that a watched thread hands to the global executor, the main one or the runtime's timer.
   Rests on hooks that the concurrency runtime exports for debuggers; returns whether it has them. */
int32_t harness_witness_enqueues(harness_enqueue_witness witness);

/* Watches the calling thread under a number from now on; 0 ends it. */
void harness_watch_thread(uint64_t watch);

/* Makes the peak resident size start anew from the present size; returns whether the kernel allows it. */
int32_t harness_reset_peak_resident(void);

#endif
