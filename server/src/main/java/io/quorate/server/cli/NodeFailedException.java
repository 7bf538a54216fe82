package io.quorate.server.cli;

/** A node that ran has stopped without being asked to. */
final class NodeFailedException extends RuntimeException {
  NodeFailedException(String message) {
    super(message);
  }
}
