package org.unet4j.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.unet4j.io.Json;

/**
 * What a benchmark found: the content of {@code results.json}.
 *
 * @param dataset name of the dataset
 * @param plan the plan's hash: equal hashes, equal preparation, patch, batch and topology
 * @param fold which cases were held out, such as "fold 0"
 * @param seed the first run's seed; the runs of one network have this seed, the next one, and so on
 * @param seeds how many runs of each network
 * @param steps optimizer steps of each run
 * @param baseline the network that the others are compared with
 * @param classNames the foreground classes
 * @param networks one entry a network, in the order asked for
 * @param provenance commit, versions, device, threads and command
 */
public record BenchmarkResult(
        String dataset,
        String plan,
        String fold,
        long seed,
        int seeds,
        long steps,
        String baseline,
        SortedMap<Integer, String> classNames,
        List<NetworkResult> networks,
        SortedMap<String, String> provenance) {

    /** Checks that there is at least one network and that the baseline is among them. */
    public BenchmarkResult {
        networks = List.copyOf(networks);
        classNames = Collections.unmodifiableSortedMap(new TreeMap<>(classNames));
        provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
        if (networks.stream().noneMatch(network -> network.name().equals(baseline))) {
            throw new IllegalArgumentException("the baseline " + baseline + " is not among the networks "
                    + networks.stream().map(NetworkResult::name).toList());
        }
    }

    /** Returns the baseline's results. */
    public NetworkResult baselineResult() {
        return networks.stream()
                .filter(network -> network.name().equals(baseline))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the network with the highest mean Dice; of several, the first. */
    public NetworkResult best() {
        NetworkResult best = networks.get(0);
        for (NetworkResult network : networks) {
            if (network.mean().dice() > best.mean().dice()) {
                best = network;
            }
        }
        return best;
    }

    /** Returns how many cases each network was scored on. */
    public int caseCount() {
        return networks.get(0).cases().size();
    }

    /** Returns what has to be said beside NSD and HD95: within how many mm, and what the means leave out; nothing without them. */
    List<String> boundaryNotes() {
        List<NetworkResult> measured =
                networks.stream().filter(n -> n.boundary().isPresent()).toList();
        if (measured.isEmpty()) {
            return List.of();
        }
        SortedMap<Integer, Double> tolerances =
                measured.get(0).boundary().orElseThrow().toleranceMm();
        String within = new TreeSet<>(tolerances.values()).size() == 1
                ? Numbers.plain(tolerances.get(tolerances.firstKey()))
                : tolerances.entrySet().stream()
                        .map(e -> Numbers.plain(e.getValue()) + " ("
                                + classNames.getOrDefault(e.getKey(), "class " + e.getKey()) + ")")
                        .collect(Collectors.joining(", "));
        List<String> notes = new ArrayList<>();
        notes.add("NSD: share of the surface within " + within + " mm of the other.");
        String leftOut = measured.stream()
                .filter(n -> n.boundary().orElseThrow().hd95LeftOut() > 0)
                .map(n -> n.boundary().orElseThrow().hd95LeftOut() + " (" + n.name() + ")")
                .collect(Collectors.joining(", "));
        if (!leftOut.isEmpty()) {
            notes.add("HD95: without " + leftOut + " of " + caseCount() * classNames.size()
                    + " classes of cases, of which a mask is empty.");
        }
        return notes;
    }

    /** Writes {@code results.json}. */
    public void write(Path file) throws IOException {
        Json.write(file, this);
    }

    /**
     * Returns the content of a {@code results.json}.
     *
     * @throws IOException if it is missing or damaged, or of another version
     */
    public static BenchmarkResult read(Path file) throws IOException {
        try {
            return Json.read(file, BenchmarkResult.class);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage()
                            + "; the command of the benchmark, given again, writes it anew from the scores of its runs",
                    e);
        }
    }
}
