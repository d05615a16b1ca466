package dev.cmmshub.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link MicroBenchmarks} with JMH, each in a JVM of its own; a round is a second. */
final class MicroBench {
  private static final int WARM_UP = 4;

  private final int rounds;

  MicroBench(int rounds) {
    this.rounds = rounds;
  }

  /** One result a step. */
  List<Result> run() throws RunnerException {
    Map<String, Result> steps = new TreeMap<>();
    var options =
        new OptionsBuilder()
            .include(MicroBenchmarks.class.getName())
            .mode(Mode.Throughput)
            .timeUnit(java.util.concurrent.TimeUnit.SECONDS)
            .warmupIterations(WARM_UP)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(rounds)
            .measurementTime(TimeValue.seconds(1))
            .forks(1)
            .threads(1)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    for (RunResult run : new Runner(options).run()) {
      add(steps, run);
    }
    return new ArrayList<>(steps.values());
  }

  private void add(Map<String, Result> steps, RunResult run) {
    String method = run.getPrimaryResult().getLabel();
    int between = method.indexOf('_');
    String step = method.substring(0, between);
    Result result = steps.computeIfAbsent(step, name -> new Result("micro-" + name, rounds));
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        double perSecond = iteration.getPrimaryResult().getScore();
        System.err.printf("micro %s %,.0f /s%n", method, perSecond);
        result.add(method.substring(between + 1), perSecond);
      }
    }
  }
}
