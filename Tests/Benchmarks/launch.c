/* Runs commands in turn and says what each run cost.
 *
 *   launch RUNS COMMAND… [-- COMMAND…]…
 *
 * One line a run: which command (from 0), wall time and processor time in seconds, the most memory in KiB, exit status.
 * Their output goes to /dev/null. In C because a process starts with the memory high-water mark of its maker:
 * under a Python harness nothing would seem smaller than Python.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;
enum { COMMANDS = 16 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "usage: launch RUNS COMMAND... [-- COMMAND...]...\n"), 2;
    char **command[COMMANDS] = {&argv[2]};
    int commands = 1, runs = atoi(argv[1]);
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--") || commands == COMMANDS) continue;
        argv[i] = NULL;
        command[commands++] = &argv[i + 1];
    }
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);

    for (int run = 0; run < runs; run++) {
        for (int i = 0; i < commands; i++) {
            pid_t child;
            int status, failure;
            struct rusage usage;
            double begin = now();
            if ((failure = posix_spawnp(&child, command[i][0], &quiet, NULL, command[i], environ)))
                return fprintf(stderr, "launch: %s: %s\n", command[i][0], strerror(failure)), 2;
            wait4(child, &status, 0, &usage);
            double wall = now() - begin;
            printf("%d %.9f %.6f %ld %d\n", i, wall, seconds(usage.ru_utime) + seconds(usage.ru_stime),
                   usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        }
    }
}
