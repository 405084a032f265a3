package org.unet4j.export;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.unet4j.io.Phantom;
import org.unet4j.model.ModelSpec;
import org.unet4j.model.Network;
import org.unet4j.prep.Budget;
import org.unet4j.prep.Channel;
import org.unet4j.prep.CropRule;
import org.unet4j.prep.Normalization;
import org.unet4j.prep.Plan;
import org.unet4j.prep.Resampling;
import org.unet4j.prep.Topology;
import org.unet4j.torch.Scope;
import org.unet4j.torch.Tensors;
import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import org.unet4j.volume.Volume;

/** Networks for tests of what is written of them: all kinds, over halving cubes and over thick slices. */
public final class Networks {

    private Networks() {}

    /** Returns every network over both topologies. Close them. */
    static Stream<TrainedNetwork> all() {
        return ModelSpec.names().stream().flatMap(name -> Stream.of(cubes(name), slices(name)));
    }

    /** Returns a network with one channel, three classes and three stages, each half the size of the one before. */
    public static TrainedNetwork cubes(String name) {
        Topology topology = new Topology(
                List.of(Shape.cube(1), Shape.cube(2), Shape.cube(2)),
                List.of(Shape.cube(3), Shape.cube(3), Shape.cube(3)),
                List.of(8, 16, 32));
        return trained(name, 1, 3, topology, new Shape(16, 24, 16));
    }

    /** Returns a network as for thick slices, with two channels, two classes, odd numbers of features and strides of all kinds. */
    static TrainedNetwork slices(String name) {
        Topology topology = new Topology(
                List.of(Shape.cube(1), new Shape(1, 2, 2), new Shape(2, 2, 2), new Shape(1, 2, 1)),
                List.of(new Shape(1, 3, 3), new Shape(1, 3, 3), Shape.cube(3), Shape.cube(3)),
                List.of(5, 7, 9, 11));
        return trained(name, 2, 2, topology, new Shape(6, 32, 16));
    }

    /** Returns the middle of a synthetic CT, which the plan of these networks leaves at its resolution. */
    public static Scan scan() {
        Volume ct = Phantom.generate(Phantom.Settings.small(), 5, 0).image();
        Shape all = ct.grid().shape();
        Shape middle = new Shape(24, 36, 40);
        float[] voxels = new float[middle.arrayLength()];
        for (int i = 0; i < voxels.length; i++) {
            int z = 16 + i / (middle.y() * middle.x());
            int y = 16 + i / middle.x() % middle.y();
            int x = 24 + i % middle.x();
            voxels[i] = (float) ct.get(all.index(z, y, x));
        }
        return new Scan("ct", List.of(Volume.of(Grid.of(middle, new Spacing(1, 1, 1)), voxels)));
    }

    private static TrainedNetwork trained(String name, int channels, int classes, Topology topology, Shape patch) {
        ModelSpec spec = ModelSpec.of(name, channels, classes, topology);
        Plan plan = new Plan(
                "trial",
                IntStream.range(0, channels)
                        .mapToObj(channel -> new Channel("MR " + channel, new Normalization.ZScore()))
                        .toList(),
                IntStream.range(0, classes)
                        .boxed()
                        .collect(Collectors.toMap(
                                number -> number, number -> "class " + number, (one, two) -> one, TreeMap::new)),
                CropRule.NONE,
                new Spacing(1, 1, 1),
                Resampling.standard(),
                patch,
                Budget.COMPACT,
                patch,
                1,
                topology);
        Network network = spec.build(7);
        unlikeNew(network);
        return new TrainedNetwork(network, spec, plan, Optional.empty(), Optional.empty());
    }

    /** Sets biases, scales and shifts, which are 0 and 1 in a new network, to numbers that show where one is left out. */
    private static void unlikeNew(Network network) {
        try (Scope scope = new Scope()) {
            network.state().forEach((name, weights) -> {
                if (weights.dim() == 1) {
                    float[] values = Tensors.toFloats(weights);
                    for (int i = 0; i < values.length; i++) {
                        values[i] += (float) (0.3 * Math.sin(i + name.length()));
                    }
                    weights.detach().copy_(Tensors.of(values, values.length));
                }
            });
        }
    }
}
