package org.unet4j.train;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.unet4j.eval.CaseScores;
import org.unet4j.io.Json;
import org.unet4j.report.SlicePicture;
import org.unet4j.report.TensorBoard;

/** Writes a run's curves, to {@code metrics.jsonl} and for TensorBoard, as they come. */
final class RunLog implements Closeable {

    private final Path file;
    private final FileChannel metrics;
    private final TensorBoard board;

    /** Returns the log of a job that is at {@code from}; empty on a process that does not lead, which writes nothing. */
    static Optional<RunLog> open(Job job, Checkpoint.Position from) throws IOException {
        return job.team().leads()
                ? Optional.of(open(job.run(), from.metricsBytes(), from.step(), InstantSource.system()))
                : Optional.empty();
    }

    private RunLog(Path file, FileChannel metrics, TensorBoard board) {
        this.file = file;
        this.metrics = metrics;
        this.board = board;
    }

    /**
     * Returns the log of {@code run}, going on after the first {@code bytes} of its metrics: what a crash left behind a
     * checkpoint is cut off, so that no step is listed twice.
     *
     * @param firstStep steps that are done
     * @throws IOException also where the metrics are shorter than the checkpoint remembers
     */
    static RunLog open(RunFolder run, long bytes, int firstStep, InstantSource clock) throws IOException {
        Path file = run.metrics();
        FileChannel metrics = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (metrics.size() < bytes) {
                throw new IOException(
                        "[" + file + "] has " + metrics.size() + " bytes, the checkpoint was written after " + bytes
                                + "; restore the file, or start a new run");
            }
            metrics.truncate(bytes).position(bytes);
            return new RunLog(file, metrics, TensorBoard.open(run.path(), firstStep + 1L, clock));
        } catch (IOException e) {
            metrics.close();
            throw e;
        }
    }

    void step(Metrics.Step step) throws IOException {
        write(step);
        board.scalar("loss", step.step(), step.loss());
        board.scalar("learningRate", step.step(), step.learningRate());
        board.scalar("gradientNorm", step.step(), step.gradientNorm());
        board.scalar("voxelsPerSecond", step.step(), step.voxelsPerSecond());
        board.scalar("waitShare", step.step(), step.waitShare());
    }

    /** Writes the means and, for TensorBoard alone, how Dice is spread over the cases, and pictures by their tags. */
    void validation(Metrics.Validation validation, CaseScores scores, Map<String, SlicePicture> pictures)
            throws IOException {
        write(validation);
        board.scalar("dice/mean", validation.step(), validation.meanDice());
        for (var dice : validation.dice().entrySet()) {
            board.scalar("dice/" + dice.getKey(), validation.step(), dice.getValue());
        }
        board.histogram("diceOfCases/mean", validation.step(), scores.caseMeans());
        for (int cls : scores.classes()) {
            board.histogram("diceOfCases/" + cls, validation.step(), scores.dice(cls));
        }
        for (var picture : pictures.entrySet()) {
            board.image(picture.getKey(), validation.step(), picture.getValue());
        }
    }

    /** Returns the length of the metrics so far, all of which are on disk. */
    long sync() throws IOException {
        metrics.force(false);
        return metrics.position();
    }

    @Override
    public void close() throws IOException {
        try (metrics) {
            board.close();
        }
    }

    private void write(Object entry) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((Json.line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                metrics.write(line);
            }
        } catch (IOException e) {
            throw new IOException("[" + file + "] could not be written: " + e.getMessage(), e);
        }
    }
}
