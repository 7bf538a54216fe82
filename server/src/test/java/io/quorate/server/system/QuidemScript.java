package io.quorate.server.system;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.hydromatic.quidem.Quidem;

/**
 * What of one of Calcite's scripts is asked of us: of the sections that {@code !use scott}, the
 * statements that have a result behind them ({@code !ok}) or that change something ({@code
 * !update}). Plans, types, errors, and what stands under an {@code !if} are left out.
 */
final class QuidemScript {
  private static final String MARK = "# ---- ";

  private final String name;
  private final List<Block> blocks;

  private QuidemScript(String name, List<Block> blocks) {
    this.name = name;
    this.blocks = List.copyOf(blocks);
  }

  /**
   * A statement and what is expected of it.
   *
   * @param line where the statement begins in the script, from 1
   * @param command {@code !ok} or {@code !update}
   */
  record Block(int line, List<String> sql, List<String> expected, String command) {
    Block {
      sql = List.copyOf(sql);
      expected = List.copyOf(expected);
    }

    /** The whole statement as one line. */
    String statement() {
      return String.join(" ", sql).replaceAll("\\s+", " ").trim();
    }

    boolean isQuery() {
      return command.equals("!ok");
    }

    private String text() {
      List<String> lines = new ArrayList<>(sql);
      lines.addAll(expected);
      lines.add(command);
      return String.join("\n", lines) + "\n";
    }
  }

  static QuidemScript read(Path file) throws IOException {
    Reading reading = new Reading(Files.readAllLines(file));
    reading.run();
    return new QuidemScript(String.valueOf(file.getFileName()), reading.blocks);
  }

  String name() {
    return name;
  }

  List<Block> blocks() {
    return blocks;
  }

  List<Block> queries() {
    return blocks.stream().filter(Block::isQuery).toList();
  }

  /**
   * Runs all blocks one after another.
   *
   * @return what Quidem printed for those that came out otherwise
   */
  Map<Block, String> failures(Connection connection) {
    StringBuilder input = new StringBuilder("!use scott\n!set outputformat mysql\n");
    for (Block block : blocks) {
      input.append(MARK).append(block.line()).append('\n').append(block.text());
    }
    StringWriter output = new StringWriter();
    Quidem.Config config =
        Quidem.configBuilder()
            .withReader(new StringReader(input.toString()))
            .withWriter(output)
            .withConnectionFactory((section, reference) -> reference ? null : connection)
            .withStackLimit(2000)
            .build();
    new Quidem(config).execute();
    String[] printed = output.toString().split("(?m)^" + MARK + "\\d+\n", -1);
    Map<Block, String> failures = new LinkedHashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i);
      if (!printed[i + 1].equals(block.text())) {
        failures.put(block, printed[i + 1]);
      }
    }
    return failures;
  }

  /** Reads the lines as Quidem does. */
  private static final class Reading {
    private final List<String> lines;
    private final List<Block> blocks = new ArrayList<>();
    private int next;
    private boolean ours;
    private int conditions;

    Reading(List<String> lines) {
      this.lines = lines;
    }

    void run() {
      int line = 0;
      List<String> sql = List.of();
      List<String> content = List.of();
      while (next < lines.size()) {
        String first = lines.get(next);
        if (first.startsWith("!")) {
          command(first, new Block(line + 1, sql, content, first));
          content = List.of();
          next++;
        } else if (first.startsWith("#") || first.isEmpty()) {
          next++;
        } else {
          int begin = next;
          List<String> text = text();
          if (text.get(text.size() - 1).endsWith(";")) {
            line = begin;
            sql = text;
            content = List.of();
          } else {
            content = text;
          }
        }
      }
    }

    /** A statement up to its semicolon, or what is expected up to its command. */
    private List<String> text() {
      List<String> text = new ArrayList<>();
      while (next < lines.size() && !lines.get(next).matches("[!#].*")) {
        text.add(lines.get(next++));
        if (text.get(text.size() - 1).endsWith(";")) {
          break;
        }
      }
      return text;
    }

    private void command(String command, Block block) {
      if (command.startsWith("!use ")) {
        ours = command.equals("!use scott");
      } else if (command.startsWith("!if ")) {
        conditions++;
      } else if (command.equals("!}")) {
        conditions--;
      } else if (ours && conditions == 0 && command.matches("!(ok|update)")) {
        blocks.add(block);
      }
    }
  }
}
