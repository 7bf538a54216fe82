package io.quorate.driver.tls;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The contexts in use. A pool opens its connections by one of them, so that all but the first
 * handshake are short (session resumption, RFC 8446, 2.2). Files that were written anew are read
 * anew. Thread-safe.
 */
final class ClientContexts {
  /** The one for all; a context a connection would resume nothing. */
  static final ClientContexts SHARED = new ClientContexts();

  /** An application has a cluster or two, and perhaps as many users with certificates. */
  private static final int KEPT = 16;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<ClientTls, Entry> entries = new LinkedHashMap<>(KEPT, 0.75f, true);

  private static final class Entry {
    private final List<String> stamps;
    private final SSLContext context;

    Entry(List<String> stamps, SSLContext context) {
      this.stamps = stamps;
      this.context = context;
    }
  }

  SSLContext get(ClientTls options) throws TlsException {
    List<String> stamps = stamps(options);
    Entry known = find(options);
    if (known != null && known.stamps.equals(stamps)) {
      return known.context;
    }
    Entry made = new Entry(stamps, options.newContext());
    lock.lock();
    try {
      entries.put(options, made);
      if (entries.size() > KEPT) {
        entries.remove(entries.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
    return made.context;
  }

  private @Nullable Entry find(ClientTls options) {
    lock.lock();
    try {
      return entries.get(options);
    } finally {
      lock.unlock();
    }
  }

  /** Time and size of each file; what cannot be had is told when the file is read. */
  private static List<String> stamps(ClientTls options) {
    List<String> stamps = new ArrayList<>();
    for (String file : options.files()) {
      if (!file.isEmpty()) {
        stamps.add(stamp(file));
      }
    }
    return stamps;
  }

  private static String stamp(String file) {
    try {
      Path path = Path.of(file);
      return Files.getLastModifiedTime(path) + "/" + Files.size(path);
    } catch (IOException | InvalidPathException e) {
      return "unreadable";
    }
  }
}
