package dev.cmmshub.batch.schedule;

import dev.cmmshub.store.Shard;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.quartz.DateBuilder;
import org.quartz.DateBuilder.IntervalUnit;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

/**
 * Tells when to look at a shard: every few seconds, and at each time that was asked for. Never
 * twice at once, and one shard that does not answer keeps no other waiting.
 */
final class QuartzTimer implements AutoCloseable {
  private static final String REGULAR = "regular";

  private final Scheduler scheduler;
  private final Map<String, Runnable> looks = new TreeMap<>();

  /** One look, of which the next begins when it has ended. */
  @DisallowConcurrentExecution
  private record Look(Runnable work) implements Job {
    @Override
    public void execute(JobExecutionContext context) {
      work.run();
    }
  }

  QuartzTimer(Collection<Shard> shards, Consumer<Shard> look) {
    Properties settings = new Properties();
    settings.setProperty("org.quartz.scheduler.instanceName", "batch-" + UUID.randomUUID());
    settings.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    settings.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    settings.setProperty("org.quartz.threadPool.threadNamePrefix", "batch");
    settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    settings.setProperty("org.quartz.threadPool.threadCount", Integer.toString(shards.size()));
    settings.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    try {
      scheduler = new StdSchedulerFactory(settings).getScheduler();
      scheduler.setJobFactory(
          (fired, which) -> new Look(looks.get(fired.getJobDetail().getKey().getName())));
      for (Shard shard : shards) {
        looks.put(shard.name(), () -> look.accept(shard));
        scheduler.addJob(
            JobBuilder.newJob(Look.class).withIdentity(shard.name()).storeDurably().build(), true);
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz does not start", e);
    }
  }

  /** Looks from now on. */
  void start(Duration every) {
    try {
      for (String shard : looks.keySet()) {
        scheduler.scheduleJob(
            TriggerBuilder.newTrigger()
                .withIdentity(shard, REGULAR)
                .forJob(new JobKey(shard))
                .withSchedule(
                    SimpleScheduleBuilder.simpleSchedule()
                        .withIntervalInMilliseconds(every.toMillis())
                        .withMisfireHandlingInstructionNextWithRemainingCount()
                        .repeatForever())
                .build());
      }
      scheduler.start();
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz does not start", e);
    }
  }

  /** Looks at the shard once more after a while, instead of what was asked for before. */
  void lookIn(Shard shard, String tenant, String definition, Duration wait) {
    TriggerKey key = new TriggerKey(definition, tenant);
    TriggerBuilder<?> trigger =
        TriggerBuilder.newTrigger()
            .withIdentity(key)
            .forJob(new JobKey(shard.name()))
            .startAt(
                DateBuilder.futureDate(
                    (int) Math.min(wait.toSeconds() + 1, Integer.MAX_VALUE), IntervalUnit.SECOND));
    try {
      if (scheduler.rescheduleJob(key, trigger.build()) == null) {
        scheduler.scheduleJob(trigger.build());
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz refuses a time of " + definition, e);
    }
  }

  void forget(String tenant, String definition) {
    try {
      scheduler.unscheduleJob(new TriggerKey(definition, tenant));
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz keeps a time of " + definition, e);
    }
  }

  /** Nothing begins any more; what is being done is not waited for. */
  @Override
  public void close() {
    try {
      scheduler.shutdown(false);
    } catch (SchedulerException e) {
      throw new IllegalStateException("Quartz does not end", e);
    }
  }
}
