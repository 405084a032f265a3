package org.unet4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ScopeTest {

    @Test
    void aTensorIsFreedWithItsScope() {
        Tensor tensor;
        try (Scope scope = new Scope()) {
            tensor = Tensors.of(new float[] {1}, 1);
            assertThat(tensor.isNull()).isFalse();
        }
        assertThat(tensor.isNull()).isTrue();
    }

    @Test
    void aKeptTensorLivesUntilTheEnclosingScopeCloses() {
        Tensor kept;
        try (Scope outer = new Scope()) {
            try (Scope inner = new Scope()) {
                kept = inner.keep(Tensors.of(new float[] {1, 2}, 2).add(Tensors.of(new float[] {1, 1}, 2)));
            }
            assertThat(Tensors.toFloats(kept)).containsExactly(2, 3);
        }
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void withoutEnclosingScopeAKeptTensorLivesUntilItIsClosed() {
        Tensor kept;
        try (Scope scope = new Scope()) {
            kept = scope.keep(Tensors.of(new float[] {5}, 1));
        }
        assertThat(Tensors.toFloats(kept)).containsExactly(5);
        kept.close();
        assertThat(kept.isNull()).isTrue();
    }

    @Test
    void anOwnedTensorSurvivesAllScopes() {
        Tensor owned;
        try (Scope outer = new Scope();
                Scope inner = new Scope()) {
            owned = Scope.own(Tensors.of(new float[] {7}, 1));
        }
        assertThat(Tensors.toFloats(owned)).containsExactly(7);
        owned.close();
    }

    @Test
    void keepingIsForTheInnermostScope() {
        try (Scope outer = new Scope()) {
            Tensor tensor = Tensors.of(new float[] {1}, 1);
            try (Scope inner = new Scope()) {
                assertThatThrownBy(() -> outer.keep(tensor)).hasMessageContaining("innermost");
            }
        }
    }
}
