package org.unet4j.volume;

import java.util.List;

/**
 * What a scanner made of one patient at one time: one volume a channel (modality), all on one grid.
 *
 * @param name the case's identifier, used in file names and messages
 * @param channels at least one volume; all have the same grid
 */
public record Scan(String name, List<Volume> channels) {

    /** How far corners of two channels may lie apart and still count as one grid. */
    public static final double GRID_TOLERANCE_MM = 1e-2;

    public Scan {
        channels = List.copyOf(channels);
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("[" + name + "] a scan needs at least one channel");
        }
        requireOneGrid(name, channels.stream().map(Volume::grid).toList());
    }

    /**
     * Checks that channels can be those of one scan.
     *
     * @throws IllegalArgumentException naming the first channel that does not lie where channel 0 lies
     */
    public static void requireOneGrid(String name, List<Grid> channels) {
        Grid first = channels.get(0);
        for (int i = 1; i < channels.size(); i++) {
            if (!channels.get(i).matches(first, GRID_TOLERANCE_MM)) {
                throw new IllegalArgumentException("[" + name + "] channel " + i
                        + " lies on another grid than channel 0: " + channels.get(i) + " against " + first
                        + "; register or resample it to channel 0 first");
            }
        }
    }

    /** Returns the grid that all channels share. */
    public Grid grid() {
        return channels.get(0).grid();
    }
}
