package org.unet4j.model;

import java.util.List;
import org.unet4j.prep.Topology;

/**
 * Which network: a closed family of 3D U-Nets over one {@link Topology}, all of the same depth and widths, so that a
 * comparison compares one thing. A spec is a value; {@link #build} makes the network.
 */
public sealed interface ModelSpec permits UNet, ResUNet, AttentionUNet, AttentionResUNet {

    /** The stage whose resolution is a quarter of the finest. */
    int QUARTER = 2;

    /** Returns the number of image channels. */
    int channels();

    /** Returns the number of classes, the background included. */
    int classes();

    /** Returns strides, kernels and features of the stages. */
    Topology topology();

    /** Returns the name that {@link #of} knows it by. */
    String name();

    /** Returns a new network on the processor, its weights drawn from {@code seed} and nothing else. */
    default Network build(long seed) {
        return build(seed, 0);
    }

    /**
     * Returns a new network as {@link #build(long)} does, with the same weights, that gives logits of coarser stages too, for
     * deep supervision.
     *
     * @param auxiliaryHeads how many stages below the finest, at most {@link #mostAuxiliaryHeads}
     */
    Network build(long seed, int auxiliaryHeads);

    /** Returns how many auxiliary heads training may use: down to a quarter of the resolution, and not at the bottom. */
    default int mostAuxiliaryHeads() {
        return Math.max(0, Math.min(QUARTER, topology().stages() - 2));
    }

    /** Returns the names of all networks, the baseline first. */
    static List<String> names() {
        return List.of("unet", "resunet", "attention-unet", "attention-resunet");
    }

    /**
     * Returns the spec of the network called {@code name}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static ModelSpec of(String name, int channels, int classes, Topology topology) {
        return switch (name) {
            case "unet" -> new UNet(channels, classes, topology);
            case "resunet" -> new ResUNet(channels, classes, topology);
            case "attention-unet" -> new AttentionUNet(channels, classes, topology);
            case "attention-resunet" -> new AttentionResUNet(channels, classes, topology);
            default ->
                throw new IllegalArgumentException(
                        "model '" + name + "' is not known; known: " + String.join(", ", names()));
        };
    }

    /**
     * Checks what all specs share.
     *
     * @throws IllegalArgumentException if a count is too small
     */
    static void check(String name, int channels, int classes) {
        if (channels < 1) {
            throw new IllegalArgumentException(name + ": " + channels + " image channels; at least 1 is needed");
        }
        if (classes < 2) {
            throw new IllegalArgumentException(
                    name + ": " + classes + " classes; at least 2 are needed, the background included");
        }
    }
}
