package org.unet4j.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds out which scans and label maps of a {@link DatasetSource} belong to one case. */
final class SourceCases {

    private static final int MOST_NAMED = 5;

    private final DatasetSource source;

    SourceCases(DatasetSource source) {
        this.source = source;
    }

    List<SourceCase> find() throws IOException {
        List<SortedMap<String, Path>> channels = new ArrayList<>();
        for (DatasetSource.Channel channel : source.images()) {
            channels.add(channel.files().find());
        }
        SortedMap<String, Path> maps = source.labels().find();
        SortedSet<String> ids = new TreeSet<>(channels.get(0).keySet());
        requirePairs(ids, maps.keySet());
        for (int i = 1; i < channels.size(); i++) {
            requireSame(ids, source.images().get(i), channels.get(i).keySet());
        }
        return ids.stream().map(id -> copies(id, channels, maps)).toList();
    }

    private void requirePairs(Collection<String> scans, Collection<String> maps) throws IOException {
        SortedSet<String> alone = new TreeSet<>(maps);
        alone.removeAll(scans);
        if (!alone.isEmpty()) {
            SortedSet<String> unlabelled = new TreeSet<>(scans);
            unlabelled.removeAll(maps);
            throw new IOException("[" + source.labels().text() + "] has labels of " + some(alone) + ", and ["
                    + source.images().get(0).files().text() + "] no scans of "
                    + (alone.size() == 1 ? "that name" : "these names") + "; " + advice(unlabelled));
        }
    }

    private String advice(Collection<String> unlabelled) {
        String folder = source.labels().text().replaceFirst("/?[^/]*\\*.*|/$", "");
        return unlabelled.isEmpty()
                ? "add the scans, or move these labels elsewhere"
                : "scans without labels are " + some(unlabelled)
                        + ". Where names differ in what surrounds them say so with *, such as --labels '" + folder
                        + "/*_seg.nii.gz'";
    }

    private void requireSame(Collection<String> ids, DatasetSource.Channel channel, Collection<String> found)
            throws IOException {
        SortedSet<String> missing = new TreeSet<>(ids);
        missing.removeAll(found);
        SortedSet<String> alone = new TreeSet<>(found);
        alone.removeAll(ids);
        if (!missing.isEmpty() || !alone.isEmpty()) {
            throw new IOException("[" + channel.files().text() + "] " + (missing.isEmpty() ? "has " : "lacks ")
                    + channel.name() + " of " + some(missing.isEmpty() ? alone : missing) + ", which "
                    + source.images().get(0).name() + (missing.isEmpty() ? " lacks" : " has")
                    + "; every case needs a file of each channel");
        }
    }

    private static String some(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }

    private SourceCase copies(String id, List<SortedMap<String, Path>> channels, Map<String, Path> maps) {
        String folder = maps.containsKey(id) ? "imagesTr/" : "imagesTs/";
        SortedMap<String, Path> files = new TreeMap<>();
        for (int channel = 0; channel < channels.size(); channel++) {
            Path file = channels.get(channel).get(id);
            String number = channels.size() == 1 ? "" : String.format(Locale.ROOT, "_%04d", channel);
            files.put(folder + id + number + ending(file), file);
        }
        SortedMap<String, Path> ofLabels = new TreeMap<>();
        if (maps.containsKey(id)) {
            Path file = maps.get(id);
            ofLabels.put("labelsTr/" + id + (source.classes().areNumbers() ? ending(file) : ".nii.gz"), file);
        }
        return new SourceCase(id, files, ofLabels);
    }

    private static String ending(Path file) {
        return Nifti.isCompressedName(file) ? ".nii.gz" : ".nii";
    }
}
