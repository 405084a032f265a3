package org.unet4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Scans and label maps as somebody has them, of which a dataset is made.
 *
 * @param images the scans, by what they show, such as CT or T1, in the order of the network's channels; at least one
 * @param labels the label maps, which are called as their scans are
 * @param classes what the values of the label maps mean
 */
public record DatasetSource(List<Channel> images, FilePattern labels, ClassNames classes) {

    private static final double GIB = 1L << 30;

    /**
     * One channel of the scans.
     *
     * @param name what it shows; CT for Hounsfield units
     * @param files one for each case
     */
    public record Channel(String name, FilePattern files) {}

    /** Copies the list. */
    public DatasetSource {
        images = List.copyOf(images);
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a dataset needs images");
        }
    }

    /**
     * Writes the dataset in the Decathlon's layout: scans with labels as imagesTr and labelsTr, those without as imagesTs. Originals are
     * not changed. Label maps whose values are not the numbers of the classes are written with these.
     *
     * @param target must not exist or be empty; appears whole
     * @param link whether the dataset gets symbolic links in place of copies
     * @return the names of the scans without labels
     * @throws IOException if scans and labels do not belong together, labels hold what {@link #classes} do not name, there is no room,
     *     there is something in {@code target}, or reading or writing fails
     */
    public List<String> write(Path target, boolean link, int threads, Progress progress) throws IOException {
        AtomicFolder.requireFree(target);
        List<SourceCase> cases = new SourceCases(this).find();
        List<Path> labelled =
                cases.stream().flatMap(one -> one.labels().values().stream()).toList();
        requireNamed(labelled, threads, progress);
        if (!link) {
            requireRoom(target, cases);
        }
        AtomicFolder.write(target, partial -> {
            AtomicInteger done = new AtomicInteger();
            inOrder(cases, classes.areNumbers() ? threads : 1, one -> {
                for (Map.Entry<String, Path> image : one.images().entrySet()) {
                    place(image.getValue(), partial.resolve(image.getKey()), link);
                }
                for (Map.Entry<String, Path> map : one.labels().entrySet()) {
                    placeLabels(map.getValue(), partial.resolve(map.getKey()), link);
                }
                progress.update(link ? "linking cases" : "copying cases", done.incrementAndGet(), cases.size());
            });
            String name = String.valueOf(target.toAbsolutePath().normalize().getFileName());
            Json.write(partial.resolve(Dataset.DESCRIPTION), description(name, cases));
        });
        return cases.stream()
                .filter(one -> one.labels().isEmpty())
                .map(SourceCase::id)
                .toList();
    }

    private void requireNamed(List<Path> maps, int threads, Progress progress) throws IOException {
        SortedMap<Integer, Path> unnamed = new TreeMap<>();
        AtomicInteger done = new AtomicInteger();
        inOrder(maps, threads, file -> {
            for (int value : values(file)) {
                if (!classes.has(value)) {
                    synchronized (unnamed) {
                        unnamed.merge(value, file, (a, b) -> a.compareTo(b) < 0 ? a : b);
                    }
                }
            }
            progress.update("reading labels", done.incrementAndGet(), maps.size());
        });
        if (!unnamed.isEmpty()) {
            SortedMap<Integer, String> all = new TreeMap<>(classes.byValue());
            unnamed.keySet().forEach(value -> all.put(value, "NAME"));
            throw new IOException("[" + unnamed.get(unnamed.firstKey()) + "] holds the value " + unnamed.firstKey()
                    + ", which --classes does not name: write --classes "
                    + all.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .collect(Collectors.joining(","))
                    + ", with background where a value means nothing");
        }
    }

    private static Collection<Integer> values(Path file) throws IOException {
        try (NiftiStream stream = NiftiStream.of(file)) {
            LabelValues.Tally tally = new LabelValues.Tally(stream.header());
            stream.read(stream.header().voxels(), tally);
            stream.finish();
            LabelValues values = tally.values();
            List<String> problems = values.problems(stream.header());
            if (!problems.isEmpty()) {
                throw new IOException("[" + file + "] is no label map: " + problems.get(0));
            }
            return values.classes().keySet();
        }
    }

    private static void requireRoom(Path target, List<SourceCase> cases) throws IOException {
        long need = 0;
        for (SourceCase one : cases) {
            for (Path file : one.images().values()) {
                need += Files.size(file);
            }
            for (Path file : one.labels().values()) { // Numbered anew they take about as much.
                need += Files.size(file);
            }
        }
        Path place = target.toAbsolutePath().normalize();
        while (!Files.exists(place)) {
            place = place.getParent();
        }
        requireRoom(target, Files.getFileStore(place).getUsableSpace(), need);
    }

    /** Fails, before anything is written, where a disk has room for fewer bytes than copies need. */
    static void requireRoom(Path target, long room, long need) throws IOException {
        if (room < need) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "[%s] there is room for %.1f GiB, and copies of scans and labels need %.1f; choose a folder on another disk,"
                            + " or --link",
                    target,
                    room / GIB,
                    need / GIB));
        }
    }

    private static void place(Path file, Path to, boolean link) throws IOException {
        Files.createDirectories(to.getParent());
        if (link) {
            Files.createSymbolicLink(to, file.toRealPath());
        } else {
            Files.copy(file, to);
        }
    }

    private void placeLabels(Path file, Path to, boolean link) throws IOException {
        if (classes.areNumbers()) {
            place(file, to, link);
        } else {
            Nifti.write(to, classes.numbered(Nifti.readLabels(file)), Nifti.readHeader(file));
        }
    }

    private Map<String, Object> description(String name, List<SourceCase> cases) {
        List<Map<String, String>> training = new ArrayList<>();
        List<String> test = new ArrayList<>();
        for (SourceCase one : cases) {
            String image = "./" + one.images().firstKey();
            image = images.size() == 1 ? image : image.replaceFirst("_0000(\\.nii(\\.gz)?)$", "$1");
            if (one.labels().isEmpty()) {
                test.add(image);
            } else {
                training.add(new TreeMap<>(
                        Map.of("image", image, "label", "./" + one.labels().firstKey())));
            }
        }
        SortedMap<String, Object> json = new TreeMap<>();
        json.put("name", name);
        json.put("modality", numbered(images.stream().map(Channel::name).toList()));
        json.put("labels", numbered(List.copyOf(classes.classes().values())));
        json.put("numTraining", training.size());
        json.put("numTest", test.size());
        json.put("training", training);
        json.put("test", test);
        return json;
    }

    private static Map<String, String> numbered(List<String> names) {
        Map<String, String> numbered = new java.util.LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            numbered.put(String.valueOf(i), names.get(i));
        }
        return numbered;
    }

    /** Does something with a file or a case. */
    @FunctionalInterface
    private interface Work<T> {
        void with(T one) throws IOException;
    }

    private static <T> void inOrder(List<T> all, int threads, Work<T> work) throws IOException {
        try {
            InOrder.map(all, threads, one -> {
                try {
                    work.with(one);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return one;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
