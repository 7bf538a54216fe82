package io.quorate.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a record component a key of the configuration. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
  /** The default, written as a user would write it; empty leaves the key unset. */
  String value();

  /** Whether a number counts things, not MiB. */
  boolean count() default false;

  /** A secret is never printed, neither in the listing at start nor in a message. */
  boolean secret() default false;
}
