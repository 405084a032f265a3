package org.unet4j.ranks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.torch.Device;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;

/** Processes on this machine that run the same program as the ranks of one world. Those still running end with it. */
public final class RankProcesses implements AutoCloseable {

    /** For ranks that shall succeed: a slow machine is no failure. */
    public static final Duration PATIENT = Duration.ofMinutes(5);

    private static final String HERE = "here";

    private final List<Process> processes = new ArrayList<>();
    private final List<BufferedReader> outputs = new ArrayList<>();

    /**
     * Returns the world that the first argument of a started program describes: rank, size, port, and time-out in milliseconds. It does so
     * once all ranks have come this far, with libtorch loaded: time-outs are to measure what ranks do, not how long they take to start.
     */
    public static World world(String... arguments) throws IOException {
        try (Scope scope = new Scope()) {
            Tensors.zeros(new long[] {1}, ScalarType.Float, Device.cpu());
        }
        System.out.println(HERE);
        if (System.in.read() < 0) {
            throw new IOException("whoever started this rank is gone");
        }
        String[] parts = arguments[0].split(",");
        return World.local(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
                .withTimeout(Duration.ofMillis(Long.parseLong(parts[3])));
    }

    /** Starts those of {@code size} ranks that are in {@code present}, each with its world and {@code arguments}. */
    public static RankProcesses start(
            Class<?> program, List<Integer> present, int size, Duration timeout, String... arguments)
            throws IOException {
        return start(program, present, size, FreePort.choose(), timeout, arguments);
    }

    /** Starts them with a meeting place that is chosen already. */
    public static RankProcesses start(
            Class<?> program, List<Integer> present, int size, int port, Duration timeout, String... arguments)
            throws IOException {
        RankProcesses ranks = new RankProcesses();
        for (int rank : present) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                    "-Dorg.bytedeco.javacpp.maxbytes=0",
                    "-cp",
                    System.getProperty("java.class.path"),
                    program.getName(),
                    rank + "," + size + "," + port + "," + timeout.toMillis()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("TORCH_CPP_LOG_LEVEL", "FATAL");
            Process process = builder.start();
            ranks.processes.add(process);
            ranks.outputs.add(
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }
        ranks.begin();
        return ranks;
    }

    /** Lets all ranks go on at the same time. */
    private void begin() throws IOException {
        for (int index = 0; index < processes.size(); index++) {
            String said = line(index);
            if (!HERE.equals(said)) {
                close();
                throw new IOException("a rank did not start: " + said);
            }
        }
        for (Process process : processes) {
            try (OutputStream gate = process.getOutputStream()) {
                gate.write('\n');
            }
        }
    }

    public Process process(int index) {
        return processes.get(index);
    }

    /** Returns the next line that a process prints. */
    String line(int index) throws IOException {
        return outputs.get(index).readLine();
    }

    /** Returns the other lines that a process prints until it ends, with success. */
    public List<String> rest(int index) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line = line(index); line != null; line = line(index)) {
            lines.add(line);
        }
        if (!process(index).waitFor(PATIENT.toSeconds(), TimeUnit.SECONDS)
                || process(index).exitValue() != 0) {
            throw new AssertionError(
                    "rank " + index + " ended with " + process(index).exitValue() + " after " + lines);
        }
        return lines;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
