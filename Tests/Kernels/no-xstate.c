// Starts a program for which ptrace(PTRACE_GETREGSET) fails.
//
// User-mode Linux then saves the floating-point registers of its processes with the older PTRACE_GETFPREGS. Its buffer
// for the newer call is too small where a CPU has AMX: the kernel panics.
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <unistd.h>

int main(int count, char **arguments) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (count < 2 || !filter ||
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(ptrace), 1,
                         SCMP_A0(SCMP_CMP_EQ, PTRACE_GETREGSET)) < 0 ||
        seccomp_load(filter) < 0) {
        fputs("no-xstate: no filter\n", stderr);
        return 1;
    }
    execvp(arguments[1], arguments + 1);
    perror(arguments[1]);
    return 1;
}
