package io.quorate.sql.plan;

import java.io.IOException;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.linq4j.tree.ClassDeclaration;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.runtime.ArrayBindable;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Typed;
import org.codehaus.commons.compiler.CompileException;
import org.codehaus.commons.compiler.util.reflect.ByteArrayClassLoader;
import org.codehaus.janino.ClassLoaderIClassLoader;
import org.codehaus.janino.Java;
import org.codehaus.janino.Parser;
import org.codehaus.janino.Scanner;
import org.codehaus.janino.UnitCompiler;

/**
 * The code of a tree of operators, compiled by Janino: the one door to it.
 *
 * <p>What Janino has found out of the classes that code names (Calcite's, linq4j's and the JDK's)
 * is kept from one compilation to the next. Calcite's own way finds it out each time, which is half
 * of what a compilation takes.
 */
final class GeneratedCode {
  /** Compilations until what is known of classes is thrown away, with the names not found. */
  private static final int USES = 100;

  private static final ClassLoader PARENT =
      Objects.requireNonNull(GeneratedCode.class.getClassLoader());

  /** Free ones: more than run at a time on most machines, and a bound for what they hold. */
  private static final ArrayBlockingQueue<KnownClasses> FREE =
      new ArrayBlockingQueue<>(Math.max(2, Runtime.getRuntime().availableProcessors()));

  private GeneratedCode() {}

  /**
   * The code, ready to run.
   *
   * @param stash objects that the code asks for by name; filled here
   */
  static Bindable<?> of(EnumerableRel rel, Map<String, Object> stash) {
    ClassDeclaration made =
        new EnumerableRelImplementor(rel.getCluster().getRexBuilder(), stash)
            .implementRoot(rel, EnumerableRel.Prefer.ARRAY)
            .accept(new PredicateResults());
    String members = Expressions.toString(made.memberDeclarations, "\n", false);
    String interfaces =
        rel.getRowType().getFieldCount() == 1
            ? Bindable.class.getCanonicalName() + ", " + Typed.class.getCanonicalName()
            : ArrayBindable.class.getCanonicalName();
    String text =
        "public final class "
            + made.name
            + " implements "
            + interfaces
            + " {\n"
            + members
            + "\n}\n";
    try {
      return (Bindable<?>)
          new ByteArrayClassLoader(compile(text), PARENT)
              .loadClass(made.name)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | CompileException | IOException e) {
      throw new IllegalStateException("code of a plan does not compile: " + text, e);
    }
  }

  private static Map<String, byte[]> compile(String text) throws CompileException, IOException {
    Java.AbstractCompilationUnit unit =
        new Parser(new Scanner(null, new StringReader(text))).parseAbstractCompilationUnit();
    KnownClasses known = FREE.poll();
    if (known == null) {
      known = new KnownClasses();
    }
    Map<String, byte[]> classes = new HashMap<>();
    new UnitCompiler(unit, known.classes)
        .compileUnit(
            false, false, false, file -> classes.put(file.getThisClassName(), file.toByteArray()));
    // Not handed back where that failed: nobody promises what is known is whole then.
    known.uses++;
    if (known.uses < USES) {
      var unused = FREE.offer(known);
    }
    return classes;
  }

  /** For one thread at a time. */
  private static final class KnownClasses {
    private final ClassLoaderIClassLoader classes = new ClassLoaderIClassLoader(PARENT);
    private int uses;
  }
}
