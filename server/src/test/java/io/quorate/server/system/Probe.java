package io.quorate.server.system;

import com.google.protobuf.ByteString;
import io.quorate.driver.ErrorCode;
import io.quorate.server.Node;
import io.quorate.server.cluster.Consensus.ProposalListener;
import io.quorate.server.cluster.Consensus.Refusal;
import io.quorate.server.cluster.MemberId;
import io.quorate.server.format.RowChange;
import io.quorate.server.format.WriteSet;
import io.quorate.server.lang.Deadline;
import io.quorate.server.lang.Outcome;
import io.quorate.server.lang.QuorateException;
import io.quorate.server.lang.RequestId;
import io.quorate.server.system.ProbeFrames.Content;
import io.quorate.sql.store.ReadView;
import io.quorate.sql.store.Row;
import io.quorate.sql.store.RowKey;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A loopback port that stands for the client port while there is none. A thread a connection, one
 * question at a time on each; lives as long as the process.
 */
final class Probe {
  private static final int BACKLOG = 256;
  private static final int ROW_BYTES_SHOWN = 16;
  private static final int FRAMES_SHOWN = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private volatile @Nullable Node node;

  /** Answers for this node from now on. */
  void observe(Node observed, InetSocketAddress address) throws IOException {
    boolean first = node == null;
    node = observed;
    if (first) {
      ServerSocket server = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
      daemon("probe-accept", () -> acceptAll(server));
    }
  }

  private Node node() {
    return Objects.requireNonNull(node);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll(ServerSocket server) {
    try (server) {
      while (true) {
        Socket socket = server.accept();
        daemon("probe", () -> serve(socket));
      }
    } catch (IOException e) {
      // The process ends.
      return;
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      while (true) {
        ProbeFrames.send(out, answer(ProbeFrames.receive(in)));
      }
    } catch (IOException e) {
      // The client has gone.
      return;
    }
  }

  /** What failed is told to the client as well: a closed connection would say nothing of it. */
  private byte[] answer(DataInputStream question) throws IOException {
    try {
      return ProbeFrames.bytes(content(question));
    } catch (RuntimeException | OutOfMemoryError e) {
      return ProbeFrames.bytes(
          frame -> {
            frame.writeByte(ProbeFrames.ERROR);
            frame.writeUTF(
                e + " at " + Arrays.stream(e.getStackTrace()).limit(FRAMES_SHOWN).toList());
          });
    }
  }

  private Content content(DataInputStream question) throws IOException {
    return switch (question.readByte()) {
      case ProbeFrames.PROPOSE -> propose(question);
      case ProbeFrames.GET -> get(question);
      case ProbeFrames.BARRIER_GET -> barrierGet(question);
      case ProbeFrames.SCAN -> scan(question.readInt());
      case ProbeFrames.STATUS -> status();
      case ProbeFrames.TRANSFER -> transfer(question.readUTF());
      default -> throw new IOException("unknown question");
    };
  }

  private Content propose(DataInputStream question) throws IOException {
    RequestId request = new RequestId(question.readLong(), question.readLong());
    long base = question.readLong();
    WriteSet.Builder writes = WriteSet.newBuilder();
    for (int left = question.readInt(); left > 0; left--) {
      writes.addChanges(
          RowChange.newBuilder()
              .setTable(question.readInt())
              .setKey(ByteString.copyFrom(ProbeFrames.readBytes(question)))
              .setPut(ByteString.copyFrom(ProbeFrames.readBytes(question))));
    }
    CompletableFuture<Content> answer = new CompletableFuture<>();
    node().parts().replica().proposer().propose(request, base, writes.build(), listener(answer));
    return await(answer);
  }

  private static ProposalListener listener(CompletableFuture<Content> answer) {
    return new ProposalListener() {
      @Override
      public void applied(long index, Outcome outcome) {
        complete("APPLIED", index, outcome.code().name());
      }

      @Override
      public void refused(Refusal reason) {
        complete("REFUSED", 0, reason.name());
      }

      @Override
      public void inDoubt(String why) {
        complete("IN_DOUBT", 0, why);
      }

      private void complete(String kind, long index, String detail) {
        answer.complete(
            frame -> {
              frame.writeByte(ProbeFrames.OK);
              frame.writeUTF(kind);
              frame.writeLong(index);
              frame.writeUTF(detail);
            });
      }
    };
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new QuorateException(ErrorCode.INTERNAL_ERROR, String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new QuorateException(ErrorCode.OUTCOME_UNKNOWN, "no answer within " + PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QuorateException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  private Content get(DataInputStream question) throws IOException {
    int table = question.readInt();
    RowKey key = RowKey.wrap(ProbeFrames.readBytes(question));
    try (ReadView view = node().parts().replica().readView()) {
      Optional<Row> row = view.find(table, key);
      long revision = view.revision();
      return frame -> {
        frame.writeByte(ProbeFrames.OK);
        frame.writeLong(revision);
        frame.writeBoolean(row.isPresent());
        ProbeFrames.writeBytes(frame, row.map(Row::unsafeBytes).orElse(new byte[0]));
      };
    }
  }

  private Content barrierGet(DataInputStream question) throws IOException {
    long barrier = await(node().parts().consensus().readBarrier());
    node().parts().replica().applied().await(barrier, Deadline.after(PATIENCE, System::nanoTime));
    return get(question);
  }

  private Content scan(int table) {
    return frame -> {
      try (ReadView view = node().parts().replica().readView()) {
        ReadView.RowCursor cursor = view.scan(table, Optional.empty(), Optional.empty());
        frame.writeByte(ProbeFrames.OK);
        frame.writeLong(view.revision());
        while (cursor.next()) {
          frame.writeBoolean(true);
          ProbeFrames.writeBytes(frame, cursor.key().unsafeBytes());
          ProbeFrames.writeBytes(frame, beginning(cursor.row().unsafeBytes()));
        }
        frame.writeBoolean(false);
      }
    };
  }

  /** What tells; a whole table of large rows would not fit into the node's heap once more. */
  private static byte[] beginning(byte[] row) {
    return Arrays.copyOf(row, Math.min(row.length, ROW_BYTES_SHOWN));
  }

  private Content status() {
    Node.Parts parts = node().parts();
    return frame -> {
      frame.writeByte(ProbeFrames.OK);
      frame.writeUTF(parts.consensus().role().name());
      frame.writeLong(parts.consensus().term());
      frame.writeUTF(parts.consensus().leader().map(MemberId::name).orElse(""));
      frame.writeLong(parts.replica().applied().current());
      frame.writeLong(parts.replica().store().durableRevision());
      frame.writeBoolean(parts.replica().proposer().isReady());
      frame.writeBoolean(node().exitCode() != 0);
    };
  }

  private Content transfer(String name) {
    MemberId target =
        node().parts().consensus().membership().voters().stream()
            .filter(member -> member.name().equals(name))
            .findFirst()
            .orElseThrow();
    await(node().parts().consensus().transferLeadership(target));
    return frame -> frame.writeByte(ProbeFrames.OK);
  }
}
