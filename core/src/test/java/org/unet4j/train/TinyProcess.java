package org.unet4j.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.unet4j.StandStill;
import org.unet4j.prep.Store;

/** A run on {@link TinyData} in a process of its own, begun or gone on with. It prints a line for each step that is done. */
final class TinyProcess {

    private TinyProcess() {}

    static TrainConfig config(int steps) {
        return TinyData.config(steps).withCheckpointEvery(2).withValidateEvery(5);
    }

    /** Arguments: the store's folder, the run's folder, the steps, and after how many of them this process stands still. */
    public static void main(String[] arguments) throws IOException {
        Store store = Store.open(Path.of(arguments[0]));
        Path run = Path.of(arguments[1]);
        TrainConfig config = config(Integer.parseInt(arguments[2]));
        CountDownLatch left = new CountDownLatch(Integer.parseInt(arguments[3]));
        TrainListener listener = new TrainListener() {
            @Override
            public void step(StepEvent step) {
                System.out.println(step.step());
                left.countDown();
                if (left.getCount() == 0) {
                    StandStill.untilKilled();
                }
            }

            @Override
            public void recovered(String what) {
                System.err.println(what);
            }
        };
        try {
            if (RunFolder.holdsRun(run)) {
                TinyRuns.resume(config, store, run, listener);
            } else {
                TinyRuns.train(config, store, run, listener);
            }
        } catch (IOException | RuntimeException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Returns the command that runs it. */
    static ProcessBuilder command(Store store, Path run, int steps) {
        return command(store, run, steps, steps + 1);
    }

    /** Returns the command of a process that stands still after {@code most} steps of its own, until it is killed. */
    static ProcessBuilder command(Store store, Path run, int steps, int most) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                TinyProcess.class.getName(),
                store.folder().toString(),
                run.toString(),
                Integer.toString(steps),
                Integer.toString(most)));
        return new ProcessBuilder(command);
    }
}
