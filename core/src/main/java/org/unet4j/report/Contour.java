package org.unet4j.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The border of a mask of pixels: closed loops along pixel edges, outer borders clockwise on the screen and holes the
 * other way. Pixels that touch at a corner only are two loops.
 *
 * @param loops corner points x, y, x, y, ... of each loop; pixel (0, 0) lies between 0 and 1
 */
record Contour(List<int[]> loops) {

    private static final int[] DX = {1, 0, -1, 0};
    private static final int[] DY = {0, 1, 0, -1};

    Contour {
        loops = List.copyOf(loops);
    }

    /** Returns the border of the pixels that are true, given row by row. */
    static Contour of(boolean[] mask, int width, int height) {
        int stride = width + 1;
        byte[] leaving = new byte[stride * (height + 1)]; // a bit for each direction in which an edge leaves a corner
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (!mask[y * width + x]) {
                    continue;
                }
                int corner = y * stride + x;
                if (y == 0 || !mask[(y - 1) * width + x]) {
                    leaving[corner] |= 1;
                }
                if (x == width - 1 || !mask[y * width + x + 1]) {
                    leaving[corner + 1] |= 1 << 1;
                }
                if (y == height - 1 || !mask[(y + 1) * width + x]) {
                    leaving[corner + stride + 1] |= 1 << 2;
                }
                if (x == 0 || !mask[y * width + x - 1]) {
                    leaving[corner + stride] |= 1 << 3;
                }
            }
        }
        List<int[]> loops = new ArrayList<>();
        for (int corner = 0; corner < leaving.length; corner++) {
            while (leaving[corner] != 0) {
                loops.add(trace(leaving, stride, corner));
            }
        }
        return new Contour(loops);
    }

    /** Walks one loop, the mask always on the right hand, and takes its edges away. */
    private static int[] trace(byte[] leaving, int stride, int start) {
        List<Integer> points = new ArrayList<>();
        int first = Integer.numberOfTrailingZeros(leaving[start]);
        int at = start;
        int direction = first;
        do {
            leaving[at] &= (byte) ~(1 << direction);
            at += DX[direction] + stride * DY[direction];
            int next = turn(leaving[at], direction, at == start, first);
            if (next != direction) {
                points.add(at % stride);
                points.add(at / stride);
            }
            direction = next;
        } while (at != start || direction != first);
        return points.stream().mapToInt(p -> p).toArray();
    }

    /** Returns where to go on: right if possible, which keeps pixels apart that share only a corner. */
    private static int turn(byte leaving, int direction, boolean back, int first) {
        for (int turn : new int[] {1, 0, 3}) {
            int next = (direction + turn) % 4;
            if ((leaving & 1 << next) != 0 || (back && next == first)) {
                return next;
            }
        }
        throw new IllegalStateException("a border must be closed");
    }

    /**
     * Returns an SVG path through the middles of the edges at each corner, corners rounded: it leaves the true border by
     * less than a quarter of a pixel, at corners only.
     */
    String path() {
        StringBuilder path = new StringBuilder();
        for (int[] loop : loops) {
            int corners = loop.length / 2;
            for (int i = 0; i < corners; i++) {
                int before = (i + corners - 1) % corners;
                int after = (i + 1) % corners;
                double x = loop[2 * i];
                double y = loop[2 * i + 1];
                path.append(i == 0 ? 'M' : 'L')
                        .append(number(x + 0.5 * Integer.signum(loop[2 * before] - loop[2 * i])))
                        .append(' ')
                        .append(number(y + 0.5 * Integer.signum(loop[2 * before + 1] - loop[2 * i + 1])))
                        .append('Q')
                        .append(number(x))
                        .append(' ')
                        .append(number(y))
                        .append(' ')
                        .append(number(x + 0.5 * Integer.signum(loop[2 * after] - loop[2 * i])))
                        .append(' ')
                        .append(number(y + 0.5 * Integer.signum(loop[2 * after + 1] - loop[2 * i + 1])));
            }
            path.append('Z');
        }
        return path.toString();
    }

    private static String number(double halves) {
        return halves == (int) halves ? Integer.toString((int) halves) : Double.toString(halves);
    }
}
