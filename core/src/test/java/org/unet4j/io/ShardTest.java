package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {

    @Test
    void everyNthElementFromTheIthOn() {
        assertThat(Shard.parse("2/3").of(List.of("a", "b", "c", "d", "e"))).containsExactly("b", "e");
        assertThat(Shard.WHOLE.of(List.of("a", "b"))).containsExactly("a", "b");
        assertThat(new Shard(3, 3).of(List.of("a", "b"))).isEmpty();
        assertThat(Shard.parse("2/3")).hasToString("2/3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 20})
    void theSharesAreEqualAndTogetherEverything(int count) {
        List<Integer> all = IntStream.range(0, 10).boxed().toList();
        List<Integer> together = new ArrayList<>();
        for (int index = 1; index <= count; index++) {
            List<Integer> share = new Shard(index, count).of(all);
            assertThat(share).hasSizeBetween(10 / count, (10 + count - 1) / count);
            together.addAll(share);
        }
        assertThat(together).containsExactlyInAnyOrderElementsOf(all);
    }

    @ParameterizedTest
    @CsvSource({
        "0/4, shard 0/4 does not exist: i/n has i from 1 to n; add 1 where a scheduler counts from 0",
        "5/4, shard 5/4 does not exist: i/n has i from 1 to n",
        "1/0, shard 1/0 does not exist: i/n has i from 1 to n",
        "x, 'shard ''x'' must be two numbers i/n with i from 1 to n, such as 2/8'",
        "/8, 'shard ''/8'' must be two numbers i/n with i from 1 to n, such as 2/8'",
        "-1/8, 'shard ''-1/8'' must be two numbers i/n with i from 1 to n, such as 2/8'",
        "1/99999999999, 'shard ''1/99999999999'' must be two numbers i/n with i from 1 to n, such as 2/8'"
    })
    void whatIsNoShardIsExplained(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Shard.parse(text)).withMessage(message);
    }
}
