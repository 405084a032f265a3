/*
 * Shows libraries the AVX512-BF16 instructions of a processor whose hypervisor does not tell of them, so that what is computed in
 * native bfloat16 can be measured and tested on such a machine too:
 *
 *   gcc -O2 -fPIC -shared -o /tmp/hidden-bf16.so runs/hidden-bf16.c -ldl
 *   LD_PRELOAD=/tmp/hidden-bf16.so ./unet4j throughput --precisions fp32,bf16
 *
 * Name the precision: the default is chosen by /proc/cpuinfo, which still lacks the flag.
 * Linux on x86-64. A program asks the processor itself (CPUID) what it can do; Linux can have that fault, where the processor or the
 * hypervisor can, and the handler here gives the processor's own answer with one bit set. Everything else that faults goes to the
 * program's handler, such as Java's. Where the instructions are really missing it says so and changes nothing. Not for anything
 * but trials: instructions may be hidden for a reason, such as a machine that moves between processors.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012
#define EXTENDED_FEATURES 7u
#define AVX512_BF16 (1u << 5) /* in EAX of leaf 7, subleaf 1 */

static int (*system_sigaction)(int, const struct sigaction *, struct sigaction *);
static struct sigaction program_handler; /* what the program, which must not replace ours, has set for SIGSEGV */
static int active;

static int cpuid_faults(int faults) { return (int)syscall(SYS_arch_prctl, ARCH_SET_CPUID, !faults); }

static void answer(greg_t *registers) {
  unsigned leaf = registers[REG_RAX], subleaf = registers[REG_RCX], a, b, c, d;
  cpuid_faults(0);
  __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "0"(leaf), "2"(subleaf));
  cpuid_faults(1);
  if (leaf == EXTENDED_FEATURES && subleaf == 0 && a < 1) a = 1; /* there is a subleaf 1 */
  if (leaf == EXTENDED_FEATURES && subleaf == 1) a |= AVX512_BF16;
  registers[REG_RAX] = a;
  registers[REG_RBX] = b;
  registers[REG_RCX] = c;
  registers[REG_RDX] = d;
  registers[REG_RIP] += 2;
}

static void on_fault(int signal, siginfo_t *info, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const unsigned char *code = (const unsigned char *)registers[REG_RIP];
  /* A general protection fault: the code was read, so it can be looked at. */
  if (info->si_code == SI_KERNEL && code[0] == 0x0f && code[1] == 0xa2) {
    answer(registers);
  } else if (program_handler.sa_flags & SA_SIGINFO) {
    program_handler.sa_sigaction(signal, info, context);
  } else if (program_handler.sa_handler == SIG_DFL) {
    system_sigaction(SIGSEGV, &program_handler, NULL); /* it faults again, and ends the program */
  } else if (program_handler.sa_handler != SIG_IGN) {
    program_handler.sa_handler(signal);
  }
}

int sigaction(int signal, const struct sigaction *wanted, struct sigaction *before) {
  if (!system_sigaction) system_sigaction = dlsym(RTLD_NEXT, "sigaction");
  if (signal != SIGSEGV || !active) return system_sigaction(signal, wanted, before);
  struct sigaction last = program_handler;
  if (wanted) {
    program_handler = *wanted;
    struct sigaction ours = *wanted;
    ours.sa_flags |= SA_SIGINFO;
    ours.sa_sigaction = on_fault;
    if (system_sigaction(signal, &ours, NULL)) return -1;
  }
  if (before) *before = last;
  return 0;
}

static sigjmp_buf missing;

static void on_illegal(int signal) {
  (void)signal;
  siglongjmp(missing, 1);
}

static int has_instructions(void) {
  struct sigaction illegal = {.sa_handler = on_illegal}, before;
  system_sigaction(SIGILL, &illegal, &before);
  int has = !sigsetjmp(missing, 1);
  if (has) __asm__ volatile(".byte 0x62, 0xf2, 0x7e, 0x48, 0x52, 0xc0" ::: "xmm0"); /* vdpbf16ps zmm0, zmm0, zmm0 */
  system_sigaction(SIGILL, &before, NULL);
  return has;
}

__attribute__((constructor)) static void begin(void) {
  system_sigaction = dlsym(RTLD_NEXT, "sigaction");
  if (!has_instructions()) {
    fprintf(stderr, "hidden-bf16: this processor has no AVX512-BF16\n");
    return;
  }
  struct sigaction ours = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  system_sigaction(SIGSEGV, &ours, &program_handler);
  active = 1;
  if (cpuid_faults(1)) {
    active = 0;
    system_sigaction(SIGSEGV, &program_handler, NULL);
    perror("hidden-bf16: CPUID cannot be answered here");
  }
}
