package io.quorate.server.config;

/** Which HTTP status goes with a refusal of the admin port. */
public enum AdminHttpStatus {
  /** 500 with each of them, as Infinity's published interface has it. */
  PUBLISHED,
  /** The one that HTTP has for it: 400, 404, 409 and so on. */
  SEMANTIC
}
