package org.unet4j.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.unet4j.torch.Scope;

/** A batch of two samples, whole and one by one. */
class RanksTest {

    /** float64 sums in another order. */
    private static final double TOLERANCE = 1e-14;

    private final Scope scope = new Scope();

    /**
     * One of two ranks.
     *
     * @param given what it gave to be added up, for the other to take
     * @param other what the other gave
     */
    private record OneOfTwo(List<Tensor> given, List<Tensor> other) implements Ranks {

        @Override
        public int count() {
            return 2;
        }

        @Override
        public Tensor sum(Tensor local) {
            assertThat(local.requires_grad()).isFalse();
            given.add(Scope.own(local));
            return given.size() <= other.size() ? local.add(other.get(given.size() - 1)) : local.clone();
        }
    }

    /** Value and gradient of a sample's logits. */
    private record Outcome(double value, Tensor gradientCDHW) {}

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor logits() {
        return LossTest.logits().detach().to(ScalarType.Double).set_requires_grad(true);
    }

    private static Outcome ofSample(Loss loss, int sample, Ranks ranks) {
        Tensor logits = logits();
        Tensor value = loss.of(logits.narrow(0, sample, 1), LossTest.target().narrow(0, sample, 1), ranks);
        value.backward();
        return new Outcome(value.item_double(), logits.grad().select(0, sample));
    }

    private static double farthest(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item_double();
    }

    private static void requireWhole(Loss loss, Outcome first, Outcome second, boolean equal) {
        Tensor logits = logits();
        Tensor whole = loss.of(logits, LossTest.target());
        whole.backward();
        Tensor half = logits.grad().mul(new Scalar(2)); // that of the mean of two is half of each
        double distance = Math.max(
                farthest(half.select(0, 0), first.gradientCDHW()), farthest(half.select(0, 1), second.gradientCDHW()));
        double mean = (first.value() + second.value()) / 2;
        if (equal) {
            assertThat(distance).isLessThan(TOLERANCE);
            assertThat(mean).isCloseTo(whole.item_double(), within(TOLERANCE));
        } else {
            assertThat(distance).isGreaterThan(1e-5);
        }
    }

    static Stream<Loss> losses() {
        return LossTest.losses();
    }

    static Stream<Loss> exactOverRanks() {
        return losses().filter(loss -> !(loss instanceof TopK && loss.needsWholeBatch()));
    }

    @ParameterizedTest
    @MethodSource("exactOverRanks")
    void theMeanOverTwoRanksIsTheWholeBatch(Loss loss) {
        List<Tensor> given = new ArrayList<>();
        ofSample(loss, 1, new OneOfTwo(given, List.of()));
        List<Tensor> back = new ArrayList<>();
        Outcome first = ofSample(loss, 0, new OneOfTwo(back, given));
        Outcome second = ofSample(loss, 1, new OneOfTwo(new ArrayList<>(), back));
        requireWhole(loss, first, second, true);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theMeanOverPartsIsTheWholeBatchUnlessTheLossNeedsIt(Loss loss) {
        Outcome first = ofSample(loss, 0, Ranks.alone());
        Outcome second = ofSample(loss, 1, Ranks.alone());
        requireWhole(loss, first, second, !loss.needsWholeBatch());
    }
}
