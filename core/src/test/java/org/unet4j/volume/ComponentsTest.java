package org.unet4j.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unet4j.volume.Components.Neighbours;

class ComponentsTest {

    private static Components components(boolean[] mask, Shape shape, Neighbours neighbours) {
        return Components.of(shape, neighbours, (row, inside) -> {
            for (int x = 0; x < inside.length; x++) {
                inside[x] = mask[row * inside.length + x] ? -1 : 0;
            }
        });
    }

    /** Floods each component from its first voxel: the definition. Returns the first voxel of each voxel's component, or -1. */
    private static int[] flooded(boolean[] mask, Shape shape, Neighbours neighbours) {
        int[] first = new int[mask.length];
        Arrays.fill(first, -1);
        for (int seed = 0; seed < mask.length; seed++) {
            if (!mask[seed] || first[seed] >= 0) {
                continue;
            }
            Deque<Integer> open = new ArrayDeque<>();
            open.add(seed);
            first[seed] = seed;
            while (!open.isEmpty()) {
                int at = open.remove();
                for (int step = 0; step < 27; step++) {
                    int dz = step / 9 - 1;
                    int dy = step / 3 % 3 - 1;
                    int dx = step % 3 - 1;
                    int z = at / (shape.y() * shape.x()) + dz;
                    int y = at / shape.x() % shape.y() + dy;
                    int x = at % shape.x() + dx;
                    boolean touches = neighbours == Neighbours.ALL || Math.abs(dz) + Math.abs(dy) + Math.abs(dx) == 1;
                    boolean inside = z >= 0 && z < shape.z() && y >= 0 && y < shape.y() && x >= 0 && x < shape.x();
                    if (touches && inside && mask[shape.index(z, y, x)] && first[shape.index(z, y, x)] < 0) {
                        first[shape.index(z, y, x)] = seed;
                        open.add(shape.index(z, y, x));
                    }
                }
            }
        }
        return first;
    }

    @ParameterizedTest
    @CsvSource({"FACES, 0.1", "FACES, 0.3", "FACES, 0.6", "FACES, 0.97", "ALL, 0.03", "ALL, 0.1", "ALL, 0.2", "ALL, 0.9"
    })
    void voxelsAreTogetherWhereFloodingReachesThem(Neighbours neighbours, double share) {
        for (Shape shape :
                new Shape[] {new Shape(7, 9, 11), new Shape(1, 13, 8), new Shape(12, 1, 6), new Shape(9, 8, 1)}) {
            SplittableRandom random = new SplittableRandom(shape.hashCode());
            boolean[] mask = new boolean[shape.arrayLength()];
            for (int i = 0; i < mask.length; i++) {
                mask[i] = random.nextDouble() < share;
            }
            int[] expected = flooded(mask, shape, neighbours);
            Components components = components(mask, shape, neighbours);
            int[] first = new int[mask.length];
            Arrays.fill(first, -1);
            long[] sizes = components.sizes();
            for (int run = 0; run < components.runs(); run++) {
                int component = components.component(run);
                int seed = components.row(component) * shape.x() + components.start(component);
                for (int x = components.start(run); x < components.end(run); x++) {
                    first[components.row(run) * shape.x() + x] = seed;
                }
                assertThat(sizes[component])
                        .isEqualTo(
                                Arrays.stream(expected).filter(of -> of == seed).count());
            }
            assertThat(first).isEqualTo(expected);
            if (components.runs() > 0) {
                assertThat(sizes[components.largest()])
                        .isEqualTo(Arrays.stream(sizes).max().orElseThrow());
            }
        }
    }

    @Test
    void cornersJoinWhereAllNeighboursCountOnly() {
        Shape shape = new Shape(2, 2, 2);
        boolean[] mask = {true, false, false, false, false, false, false, true};
        assertThat(components(mask, shape, Neighbours.ALL).component(1)).isZero();
        assertThat(components(mask, shape, Neighbours.FACES).component(1)).isEqualTo(1);
    }

    @Test
    void nothingHasNoComponent() {
        Components none = components(new boolean[8], new Shape(2, 2, 2), Neighbours.ALL);
        assertThat(none.runs()).isZero();
        assertThat(none.largest()).isEqualTo(-1);
    }
}
