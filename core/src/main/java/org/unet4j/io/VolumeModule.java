package org.unet4j.io;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.unet4j.volume.Affine;
import org.unet4j.volume.Box;
import org.unet4j.volume.Shape;
import org.unet4j.volume.Spacing;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** Writes geometry as arrays: shapes and spacings as z, y, x, an affine as its upper three rows. Paths are plain text. */
final class VolumeModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    VolumeModule() {
        add(Shape.class, int[].class, Shape::toArray, Shape::of);
        add(Spacing.class, double[].class, Spacing::toArray, Spacing::of);
        add(Affine.class, double[][].class, affine -> Arrays.copyOf(affine.toArray(), 3), VolumeModule::affine);
        add(
                Box.class,
                int[][].class,
                box -> new int[][] {{box.z0(), box.y0(), box.x0()}, box.shape().toArray()},
                VolumeModule::box);
        add(Path.class, String.class, Path::toString, Path::of);
    }

    private static Affine affine(double[][] rows) {
        if (rows.length != 3 || Arrays.stream(rows).anyMatch(row -> row.length != 4)) {
            throw new IllegalArgumentException("an affine is three rows of four numbers");
        }
        return Affine.of(rows);
    }

    private static Box box(int[][] corners) {
        if (corners.length != 2 || corners[0].length != Shape.AXES) {
            throw new IllegalArgumentException("a box is two lists, its first voxel and its shape, each z, y, x");
        }
        return new Box(corners[0][0], corners[0][1], corners[0][2], Shape.of(corners[1]));
    }

    private <T, A> void add(Class<T> type, Class<A> array, Function<T, A> toArray, Function<A, T> fromArray) {
        addSerializer(type, new ValueSerializer<T>() {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                context.writeValue(out, toArray.apply(value));
            }
        });
        addDeserializer(type, new ValueDeserializer<T>() {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                return fromArray.apply(context.readValue(in, array));
            }
        });
    }
}
