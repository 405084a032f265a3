package org.unet4j.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.unet4j.model.Layout;
import org.unet4j.torch.Precision;
import org.unet4j.train.TrainConfig;

/**
 * One way to train whose speed is measured.
 *
 * @param precision its name in the table
 * @param layout its name in the table
 * @param path how samples arrive
 * @param config all the rest, the network included
 */
public record Variant(String precision, String layout, DataPath path, TrainConfig config) {

    /** A named change of a configuration. */
    private record Change(String name, UnaryOperator<TrainConfig> of) {}

    /** Returns every combination, paths innermost: the ways that are compared with each other run one after the other. */
    public static List<Variant> of(
            List<String> networks,
            List<Precision> precisions,
            List<Layout> layouts,
            List<DataPath> paths,
            TrainConfig base) {
        List<Variant> variants = new ArrayList<>();
        for (Change network : changes(networks, name -> name, TrainConfig::withModel)) {
            for (Change precision : changes(precisions, Variant::name, TrainConfig::withPrecision)) {
                for (Change layout : changes(layouts, Variant::name, Variant::with)) {
                    TrainConfig config =
                            layout.of().apply(precision.of().apply(network.of().apply(base)));
                    for (DataPath path : paths) {
                        variants.add(new Variant(precision.name(), layout.name(), path, config));
                    }
                }
            }
        }
        return variants;
    }

    private static TrainConfig with(TrainConfig config, Layout layout) {
        return config.withNumerics(config.numerics().withLayout(layout));
    }

    private interface Setter<T> {
        TrainConfig set(TrainConfig config, T value);
    }

    private static <T> List<Change> changes(List<T> values, Function<T, String> name, Setter<T> setter) {
        return values.stream()
                .map(value -> new Change(name.apply(value), config -> setter.set(config, value)))
                .toList();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name of the network. */
    public String network() {
        return config.model();
    }

    /** Returns the path's name in the table. */
    String pathName() {
        return name(path);
    }

    /** Returns a line for people, such as {@code unet bf16 default naive}. */
    @Override
    public String toString() {
        return String.join(" ", network(), precision, layout, pathName());
    }
}
