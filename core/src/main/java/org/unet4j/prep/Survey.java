package org.unet4j.prep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.unet4j.io.Case;
import org.unet4j.io.Dataset;
import org.unet4j.io.LoadedCase;
import org.unet4j.io.Problem;
import org.unet4j.io.Progress;
import org.unet4j.volume.Box;
import org.unet4j.volume.Crop;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Labels;
import org.unet4j.volume.Reorient;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Volume;

/**
 * One look at every labelled case: what is wrong with it, and what a plan needs to know of it.
 *
 * @param problems everything that is wrong with the dataset, warnings too
 * @param fingerprint empty where a problem has to be mended first
 */
public record Survey(List<Problem> problems, Optional<Fingerprint> fingerprint) {

    private record Facts(LoadedCase.Findings findings, Optional<CaseFacts> facts) {}

    private record CaseFacts(Fingerprint.CaseSize size, List<Intensities.OfCase> foreground) {}

    /** Copies the list. */
    public Survey {
        problems = List.copyOf(problems);
    }

    /** Returns what a look at {@code cases}, those that have labels, finds. Each file is read once. */
    public static Survey of(Dataset dataset, List<Case> cases, int threads, Progress progress) throws IOException {
        List<Case> labelled = cases.stream().filter(c -> c.labels().isPresent()).toList();
        List<Facts> facts = new CasePool("reading cases", threads, progress)
                .map(labelled, CaseMemory::toRead, c -> look(dataset, c));
        List<Problem> problems =
                dataset.check(facts.stream().map(Facts::findings).toList());
        if (problems.stream().anyMatch(Problem::isError)) {
            return new Survey(problems, Optional.empty());
        }
        List<CaseFacts> usable = facts.stream().map(f -> f.facts.orElseThrow()).toList();
        List<Intensities> foreground = new ArrayList<>();
        for (int channel = 0; channel < dataset.channelNames().size(); channel++) {
            int at = channel;
            foreground.add(Intensities.over(
                    usable.stream().map(fact -> fact.foreground.get(at)).toList()));
        }
        List<Fingerprint.CaseSize> sizes = usable.stream().map(CaseFacts::size).toList();
        return new Survey(problems, Optional.of(new Fingerprint(dataset.name(), sizes, foreground)));
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
        requireNoError(problems);
        throw new IllegalStateException("a survey without errors has a fingerprint");
    }

    /** Fails, naming all errors among {@code problems}, if there are any. */
    static void requireNoError(List<Problem> problems) throws IOException {
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        if (!errors.isEmpty()) {
            throw new IOException("the dataset cannot be used: " + errors.size()
                    + (errors.size() == 1 ? " problem\n" : " problems\n")
                    + errors.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    private static Facts look(Dataset dataset, Case given) {
        LoadedCase loaded = LoadedCase.read(dataset, given);
        boolean usable = loaded.scan().isPresent() && loaded.labels().isPresent();
        return new Facts(
                loaded.findings(),
                usable
                        ? Optional.of(facts(
                                dataset.channelNames(),
                                loaded.scan().get(),
                                loaded.labels().get()))
                        : Optional.empty());
    }

    private static CaseFacts facts(List<String> channelNames, Scan scan, Labels labels) {
        Box box = CropRule.of(channelNames).box(scan.channels(), CropRule.ctChannel(channelNames));
        byte[] classes = Crop.crop(labels, box).classes();
        List<Intensities.OfCase> foreground = new ArrayList<>();
        for (Volume channel : scan.channels()) {
            foreground.add(foreground(Crop.crop(channel, box), classes));
        }
        Grid grid = Reorient.toRas(scan.grid().crop(box)).grid();
        return new CaseFacts(new Fingerprint.CaseSize(scan.name(), grid.shape(), grid.spacing()), foreground);
    }

    private static Intensities.OfCase foreground(Volume volume, byte[] classes) {
        float[] voxels = new float[classes.length];
        int count = 0;
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] != 0) {
                voxels[count++] = (float) volume.get(i);
            }
        }
        return Intensities.OfCase.of(Arrays.copyOf(voxels, count));
    }
}
