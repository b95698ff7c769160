/** Names of environment variables. */

/** What `ENV` of a Dockerfile and every container runtime accept. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** What a POSIX shell can set and expand. */
export const SHELL_VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
