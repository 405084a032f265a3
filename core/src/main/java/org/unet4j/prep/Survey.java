package org.unet4j.prep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.LoadedCase;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.io.Repair;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Grid;
import org.unet4j.volume.LabelArray;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * One look at every case: what is wrong with it and what a plan needs to know of it. What is in it tells the
 * {@link DatasetInspection}.
 *
 * @param folder the dataset's
 * @param problems everything that is wrong with the dataset, warnings too
 * @param fingerprint empty where a problem has to be mended first
 */
public record Survey(Path folder, List<Problem> problems, Optional<Fingerprint> fingerprint) {

    private record Facts(LoadedCase.Findings findings, Optional<CaseFacts> facts) {}

    private record CaseFacts(Fingerprint.CaseSize size, List<Intensities.OfCase> foreground) {}

    /** Copies the list. */
    public Survey {
        problems = List.copyOf(problems);
    }

    /**
     * Returns what a look at {@code cases} finds, if they will be cropped as a plan that is derived from them says. Those without
     * labels are looked at for problems only. Each file is read once.
     *
     * @throws IOException naming the cases that are too large for the heap
     */
    public static Survey of(Dataset dataset, List<Case> cases, int threads, Progress progress) throws IOException {
        return of(dataset, cases, CropRule.of(dataset.channelNames()), threads, progress);
    }

    /** Returns what a look at {@code cases}, which will be cropped by {@code crop}, finds. */
    static Survey of(Dataset dataset, List<Case> cases, CropRule crop, int threads, Progress progress)
            throws IOException {
        List<Facts> facts = new CasePool("reading cases", threads, progress)
                .map(cases, c -> CaseMemory.toRead(c, dataset.classes().size()), c -> look(dataset, crop, c));
        List<Problem> problems =
                dataset.check(facts.stream().map(Facts::findings).toList());
        Optional<Fingerprint> fingerprint = problems.stream().anyMatch(Problem::isError)
                ? Optional.empty()
                : Optional.of(fingerprint(dataset, facts));
        return new Survey(dataset.folder(), problems, fingerprint);
    }

    private static Fingerprint fingerprint(Dataset dataset, List<Facts> facts) {
        List<CaseFacts> usable = facts.stream().flatMap(f -> f.facts.stream()).toList();
        List<Intensities> foreground = new ArrayList<>();
        List<IntensitySpread> spread = new ArrayList<>();
        for (int channel = 0; channel < dataset.channelNames().size(); channel++) {
            int at = channel;
            List<Intensities.OfCase> ofCases =
                    usable.stream().map(fact -> fact.foreground.get(at)).toList();
            foreground.add(Intensities.over(ofCases));
            spread.add(IntensitySpread.over(ofCases, foreground.get(at)));
        }
        List<Fingerprint.CaseSize> sizes = usable.stream().map(CaseFacts::size).toList();
        return new Fingerprint(dataset.name(), sizes, foreground, Optional.of(spread));
    }

    /** Returns what is wrong with each of {@code cases}; what all cases of the dataset together would show is left out. */
    static List<Problem> problemsOf(List<Case> cases, Dataset dataset, CropRule crop, int threads, Progress progress)
            throws IOException {
        return new CasePool("reading cases", threads, progress)
                .map(cases, c -> CaseMemory.toRead(c, dataset.classes().size()), c -> look(dataset, crop, c)).stream()
                        .flatMap(facts -> facts.findings.problems().stream())
                        .toList();
    }

    /**
     * Returns the fingerprint.
     *
     * @throws IOException naming every problem that has to be mended first
     */
    public Fingerprint requireFingerprint() throws IOException {
        if (fingerprint.isPresent()) {
            return fingerprint.get();
        }
        requireNoError(folder, problems);
        throw new IllegalStateException("a survey without errors has a fingerprint");
    }

    /** Fails, naming all errors among {@code problems} and how to mend what can be mended, if there are any. */
    static void requireNoError(Path folder, List<Problem> problems) throws IOException {
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            throw new IOException("the dataset cannot be used: " + errors.size()
                    + (errors.size() == 1 ? " problem\n" : " problems\n")
                    + errors.stream().map(Problem::toString).collect(Collectors.joining("\n"))
                    + Repair.advice(folder, errors).map(line -> "\n" + line).orElse(""));
        }
    }

    private static Facts look(Dataset dataset, CropRule crop, Case given) {
        LoadedCase loaded = LoadedCase.read(dataset, given);
        if (loaded.scan().isEmpty() || loaded.labels().isEmpty()) {
            return new Facts(loaded.findings(), Optional.empty());
        }
        Scan scan = loaded.scan().get();
        Labels labels = loaded.labels().get();
        Box box = crop.box(scan.channels(), CropRule.ctChannel(dataset.channelNames()));
        Labels kept = Crop.crop(labels, box);
        LoadedCase.Findings findings = CropWatch.lost(given, crop, foregroundVoxels(labels), foregroundVoxels(kept))
                .map(loaded.findings()::with)
                .orElse(loaded.findings());
        return new Facts(findings, Optional.of(facts(scan, box, kept)));
    }

    private static long foregroundVoxels(Labels labels) {
        return labels.voxels().length() - labels.counts()[0];
    }

    private static CaseFacts facts(Scan scan, Box box, Labels kept) {
        List<Intensities.OfCase> foreground = new ArrayList<>();
        int count = Math.toIntExact(foregroundVoxels(kept));
        for (Volume channel : scan.channels()) {
            foreground.add(foreground(channel, box, kept.voxels(), count));
        }
        Grid grid = Reorient.toRas(scan.grid().crop(box)).grid();
        return new CaseFacts(
                new Fingerprint.CaseSize(scan.name(), grid.shape(), grid.spacing(), Optional.of(classMl(kept))),
                foreground);
    }

    private static SortedMap<Integer, Double> classMl(Labels kept) {
        SortedMap<Integer, Double> volumes = new TreeMap<>();
        long[] counts = kept.counts();
        for (int cls = 1; cls < counts.length; cls++) {
            if (counts[cls] > 0) {
                volumes.put(cls, counts[cls] * kept.grid().spacing().voxelMl());
            }
        }
        return volumes;
    }

    private static Intensities.OfCase foreground(Volume volume, Box box, LabelArray kept, int count) {
        float[] voxels = new float[count];
        int found = 0;
        int at = 0;
        for (int z = box.z0(); z < box.end(0); z++) {
            for (int y = box.y0(); y < box.end(1); y++) {
                int row = volume.grid().shape().index(z, y, box.x0());
                for (int x = 0; x < box.shape().x(); x++) {
                    if (kept.get(at++) != 0) {
                        voxels[found++] = (float) volume.get(row + x);
                    }
                }
            }
        }
        return Intensities.OfCase.of(voxels);
    }
}
