/**
 * The system calls that a user's program has no business with, as the kernel's filter program.
 * Refused with EPERM: what reaches into other processes, mounts, loads code into the kernel, makes
 * namespaces, or sets the clock. `clone3` and io_uring are told as missing, because their flags lie
 * behind a pointer that a filter can't follow; every runtime then takes the older way.
 */

type Arch = 'x64' | 'arm64';

/** AUDIT_ARCH_* of linux/audit.h. */
const AUDIT_ARCH: Readonly<Record<Arch, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** Numbers for x86-64 and arm64; -1: there is none. Above 424 they are the same everywhere. */
const REFUSED: Readonly<Record<string, readonly [number, number]>> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  unshare: [272, 97],
  setns: [308, 268],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  fanotify_init: [300, 262],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  syslog: [103, 116],
  vhangup: [153, 58],
  iopl: [172, -1],
  ioperm: [173, -1],
  settimeofday: [164, 170],
  adjtimex: [159, 171],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
};
const MISSING = { clone3: 435, io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427 };
const CLONE: Readonly<Record<Arch, number>> = { x64: 56, arm64: 220 };
/** Every CLONE_NEW* flag. */
const NEW_NAMESPACES = 0x7e020080;
/** The x32 calls of an x86-64 kernel would go round the numbers above. */
const X32_BIT = 0x40000000;

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const OFFSET = { number: 0, arch: 4, firstArgument: 16 };
const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;

type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, value: number];

/** The filter for `bwrap --seccomp`; undefined on a processor whose numbers are not known here. */
export function seccompFilter(arch: string): Uint8Array | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined;
  const column = arch === 'x64' ? 0 : 1;
  const answer = (value: number): Instruction => [RETURN, 0, 0, value];
  const whenNumber = (number: number, value: number): Instruction[] => [
    [IF_EQUAL, 0, 1, number],
    answer(value),
  ];
  const program: Instruction[] = [
    [LOAD, 0, 0, OFFSET.arch],
    [IF_EQUAL, 1, 0, AUDIT_ARCH[arch]],
    answer(KILL),
    [LOAD, 0, 0, OFFSET.number],
    ...(arch === 'x64' ? ([[IF_AT_LEAST, 0, 1, X32_BIT], answer(KILL)] as const) : []),
    ...Object.values(MISSING).flatMap((number) => whenNumber(number, ERRNO | ENOSYS)),
    ...Object.values(REFUSED)
      .map((numbers) => numbers[column] ?? -1)
      .filter((number) => number >= 0)
      .flatMap((number) => whenNumber(number, ERRNO | EPERM)),
    // Last, because it loses the number: the first argument of clone is its flags.
    [IF_EQUAL, 0, 3, CLONE[arch]],
    [LOAD, 0, 0, OFFSET.firstArgument],
    [IF_ANY_BIT, 0, 1, NEW_NAMESPACES],
    answer(ERRNO | EPERM),
    answer(ALLOW),
  ];
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([code, jumpTrue, jumpFalse, value], at) => {
    bytes.setUint16(at * 8, code, true);
    bytes.setUint8(at * 8 + 2, jumpTrue);
    bytes.setUint8(at * 8 + 3, jumpFalse);
    bytes.setUint32(at * 8 + 4, value >>> 0, true);
  });
  return new Uint8Array(bytes.buffer);
}
