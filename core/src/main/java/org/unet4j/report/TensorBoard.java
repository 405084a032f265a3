package org.unet4j.report;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.zip.CRC32C;

/**
 * Writes scalars, images and histograms as a TensorBoard event file: TFRecord framing around hand-made protocol-buffer messages
 * (tensorflow/core/util/event.proto, version {@code brain.Event:2}, and summary.proto). Every call reaches the file system, so
 * that a killed run keeps its curves. TensorBoard takes a tag for one kind of thing only: no image may have that of a scalar.
 */
public final class TensorBoard implements Closeable {

    private static final int MASK_DELTA = 0xa282ead8;
    private static final int RGB = 3;

    /** How many there are in [0, 1], where Dice lies. */
    private static final double BUCKETS = 20;

    private final Path file;
    private final OutputStream out;
    private final InstantSource clock;

    private TensorBoard(Path file, OutputStream out, InstantSource clock) {
        this.file = file;
        this.out = out;
        this.clock = clock;
    }

    /**
     * Returns a writer of a new file {@code events.out.tfevents.*} in {@code folder}. TensorBoard drops what older files
     * of the folder say of {@code firstStep} and later: a resumed run does not show those steps twice.
     */
    public static TensorBoard open(Path folder, long firstStep, InstantSource clock) throws IOException {
        Instant now = clock.instant();
        for (int number = 0; ; number++) {
            Path file = folder.resolve("events.out.tfevents." + now.getEpochSecond() + "." + number + ".unet4j");
            try {
                OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                TensorBoard board = new TensorBoard(file, out, clock);
                board.writeHeader(firstStep);
                return board;
            } catch (FileAlreadyExistsException taken) {
                // another file was opened within this second: the next number is free sooner or later
            }
        }
    }

    /** Returns the file that is written. */
    public Path file() {
        return file;
    }

    /** Writes one point of the curve {@code tag}. */
    public void scalar(String tag, long step, double value) throws IOException {
        EventMessage point = value(tag);
        point.fixed32(2, Float.floatToIntBits((float) value));
        summary(step, point);
    }

    /** Writes one picture of the series {@code tag}. */
    public void image(String tag, long step, SlicePicture picture) throws IOException {
        EventMessage image = new EventMessage();
        image.varint(1, picture.height());
        image.varint(2, picture.width());
        image.varint(3, RGB);
        image.bytes(4, picture.png());
        EventMessage point = value(tag);
        point.bytes(4, image.toByteArray());
        summary(step, point);
    }

    /**
     * Writes how often each twentieth of [0, 1] occurs among {@code values}, of which there must be one, and all of which must lie
     * there. A bucket has its upper bound in it. Empty buckets below the least value and above the largest are left out.
     */
    public void histogram(String tag, long step, double[] values) throws IOException {
        DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
        if (values.length == 0 || !(all.getMin() >= 0 && all.getMax() <= 1)) {
            throw new IllegalArgumentException(
                    tag + ": a histogram needs values, all in [0, 1]; given " + Arrays.toString(values));
        }
        int first = bucket(all.getMin());
        double[] counts = new double[bucket(all.getMax()) - first + 1];
        double[] limits = new double[counts.length];
        Arrays.setAll(limits, i -> (first + i + 1) / BUCKETS);
        Arrays.stream(values).forEach(value -> counts[bucket(value) - first]++);
        EventMessage histogram = new EventMessage();
        histogram.fixed64(1, Double.doubleToLongBits(all.getMin()));
        histogram.fixed64(2, Double.doubleToLongBits(all.getMax()));
        histogram.fixed64(3, Double.doubleToLongBits(values.length));
        histogram.fixed64(4, Double.doubleToLongBits(all.getSum()));
        histogram.fixed64(
                5, Double.doubleToLongBits(Arrays.stream(values).map(v -> v * v).sum()));
        histogram.doubles(6, limits);
        histogram.doubles(7, counts);
        EventMessage point = value(tag);
        point.bytes(5, histogram.toByteArray());
        summary(step, point);
    }

    private static int bucket(double value) {
        return Math.max(0, (int) Math.ceil(value * BUCKETS) - 1);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void writeHeader(long firstStep) throws IOException {
        EventMessage version = event();
        version.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        write(version);
        EventMessage start = new EventMessage();
        start.varint(1, 1); // SessionLog.START
        EventMessage session = event();
        session.varint(2, firstStep);
        session.bytes(7, start.toByteArray());
        write(session);
    }

    private static EventMessage value(String tag) {
        EventMessage value = new EventMessage();
        value.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
        return value;
    }

    private void summary(long step, EventMessage value) throws IOException {
        EventMessage summary = new EventMessage();
        summary.bytes(1, value.toByteArray());
        EventMessage event = event();
        event.varint(2, step);
        event.bytes(5, summary.toByteArray());
        write(event);
    }

    private EventMessage event() {
        EventMessage event = new EventMessage();
        event.fixed64(1, Double.doubleToLongBits(clock.millis() / 1e3));
        return event;
    }

    private void write(EventMessage event) throws IOException {
        byte[] data = event.toByteArray();
        ByteBuffer record = ByteBuffer.allocate(8 + 4 + data.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(maskedCrc(record.array(), 8));
        record.put(data);
        record.putInt(maskedCrc(data, data.length));
        try {
            out.write(record.array());
        } catch (IOException e) {
            throw new IOException("[" + file + "] could not be written: " + e.getMessage(), e);
        }
    }

    private static int maskedCrc(byte[] data, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, 0, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }
}
