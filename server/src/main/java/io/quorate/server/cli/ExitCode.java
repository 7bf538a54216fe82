package io.quorate.server.cli;

/** What the process tells its caller by its exit code. */
final class ExitCode {
  static final int OK = 0;

  /** The command could not do its work; for a server, it could not start. */
  static final int FAILURE = 1;

  /** The command line or the configuration is wrong. */
  static final int USAGE = 2;

  /** The node ran and then stopped by itself. */
  static final int NODE_FAILED = 3;

  private ExitCode() {}
}
