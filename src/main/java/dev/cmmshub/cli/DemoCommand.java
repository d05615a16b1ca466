package dev.cmmshub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Placeholder until the scene is written. */
@Command(name = "demo")
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
