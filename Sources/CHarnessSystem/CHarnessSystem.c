#define _GNU_SOURCE
#include "CHarnessSystem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int64_t nanoseconds_of(clockid_t clock) {
    struct timespec reading;
    clock_gettime(clock, &reading);
    return (int64_t)reading.tv_sec * 1000000000 + reading.tv_nsec;
}

static struct timespec timespec_of(int64_t nanoseconds) {
    return (struct timespec){nanoseconds / 1000000000, nanoseconds % 1000000000};
}

__thread uint32_t harness_thread_shard_number __attribute__((tls_model("initial-exec"))) = 0;

uint32_t harness_next_thread_shard(void) {
    static _Atomic uint32_t next = 0;
    return atomic_fetch_add_explicit(&next, 1, memory_order_relaxed) % EPHEMERAL_THREAD_SHARDS;
}

int64_t harness_clock_nanoseconds(void) { return nanoseconds_of(CLOCK_BOOTTIME); }

void harness_sleep_until(int64_t nanoseconds) {
    struct timespec deadline = timespec_of(nanoseconds);
    while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &deadline, NULL) == EINTR) {
    }
}

void harness_minimise_timer_slack(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }

int64_t harness_thread_cpu_nanoseconds(void) { return nanoseconds_of(CLOCK_THREAD_CPUTIME_ID); }

int64_t harness_process_cpu_nanoseconds(void) { return nanoseconds_of(CLOCK_PROCESS_CPUTIME_ID); }

int32_t harness_event_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void harness_event_destroy(int32_t event) {
    if (event >= 0) close(event);
}

void harness_event_signal(int32_t event) {
    uint64_t one = 1;
    ssize_t written = write(event, &one, sizeof one);
    (void)written; /* EAGAIN means that it is signalled already. */
}

static int32_t consume(int32_t event) {
    uint64_t count;
    return read(event, &count, sizeof count) == (ssize_t)sizeof count;
}

int32_t harness_event_wait(int32_t event, int64_t deadline) {
    /* The kernel may delay the end of a poll by a thousandth of its length, so poll stops short of the deadline. */
    const int64_t precise = 2000000, longest = 500000000;
    for (;;) {
        int64_t left = deadline - harness_clock_nanoseconds();
        if (left <= 0) return consume(event);
        if (left <= precise) {
            if (consume(event)) return 1;
            harness_sleep_until(deadline);
            return consume(event);
        }
        int64_t slice = left - precise / 2 < longest ? left - precise / 2 : longest;
        struct timespec timeout = timespec_of(slice);
        struct pollfd descriptor = {.fd = event, .events = POLLIN};
        if (ppoll(&descriptor, 1, &timeout, NULL) > 0 && consume(event)) return 1;
    }
}

harness_process_usage harness_usage(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    harness_process_usage result = {usage.ru_nvcsw + usage.ru_nivcsw, (int64_t)usage.ru_maxrss * 1024, 0};
    /* VmHWM is the same figure, but can be reset between runs. */
    FILE *status = fopen("/proc/self/status", "re");
    if (!status) return result;
    char line[256];
    while (fgets(line, sizeof line, status)) {
        long number;
        if (sscanf(line, "VmHWM: %ld kB", &number) == 1) result.peak_resident_bytes = (int64_t)number * 1024;
        /* This line comes after the other. */
        if (sscanf(line, "Threads: %ld", &number) == 1) {
            result.threads = number;
            break;
        }
    }
    fclose(status);
    return result;
}

int32_t harness_reset_peak_resident(void) {
    int file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t written = write(file, "5", 1);
    close(file);
    return written == 1;
}

int32_t harness_thread_schedule(int64_t *ran, int64_t *waited) {
    FILE *file = fopen("/proc/thread-self/schedstat", "re");
    if (!file) return 0;
    long long run = 0, wait = 0;
    int fields = fscanf(file, "%lld %lld", &run, &wait);
    fclose(file);
    *ran = run;
    *waited = wait;
    /* Kernels without these statistics say zero. */
    return fields == 2 && run > 0;
}
