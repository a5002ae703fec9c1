/**
 * Lambda gives CPU in proportion to memory: 1,769 MB get one vCPU. Loading and the first request took 0.8 s with the CPU
 * of 256 MB, 0.4 s with that of 512 MB and 0.2 s with that of 1,024 MB. A small portal seldom finds the function warm, and
 * a million requests cost less than 10 cents more with 1,024 MB than with 512 MB. The process itself needs 130 MB.
 */
export const MEMORY_MB = 1024;
