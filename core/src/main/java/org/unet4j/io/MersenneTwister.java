package org.unet4j.io;

/**
 * NumPy's legacy {@code RandomState} as far as a shuffle needs it: MT19937 (Matsumoto and Nishimura 1998), seeded by one
 * 32-bit number with {@code init_genrand}, and bounded numbers by masking and rejection.
 */
final class MersenneTwister {

    private static final int SIZE = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    MersenneTwister(int seed) {
        state[0] = seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** Returns 32 random bits. */
    int nextInt() {
        if (next == SIZE) {
            twist();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
            state[i] = state[(i + MIDDLE) % SIZE] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        next = 0;
    }

    /** Returns a number in [0, max], both included: {@code random_interval} of NumPy. */
    int upTo(int max) {
        if (max == 0) {
            return 0;
        }
        int mask = -1 >>> Integer.numberOfLeadingZeros(max);
        int value;
        do {
            value = nextInt() & mask;
        } while (value > max);
        return value;
    }

    /** Puts {@code array} into random order, as {@code RandomState.shuffle} does. */
    void shuffle(int[] array) {
        for (int i = array.length - 1; i > 0; i--) {
            int j = upTo(i);
            int swapped = array[i];
            array[i] = array[j];
            array[j] = swapped;
        }
    }
}
