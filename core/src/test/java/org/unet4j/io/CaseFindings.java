package org.unet4j.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.unet4j.volume.Grid;
import org.unet4j.volume.Scan;
import org.unet4j.volume.Voxels;

/** What a look at a case finds, which is the same whether its voxels are kept or stream by. */
final class CaseFindings {

    private CaseFindings() {}

    static LoadedCase.Findings of(Dataset dataset, Case one) {
        LoadedCase loaded = LoadedCase.read(dataset, one);
        StreamedCase streamed = StreamedCase.read(dataset, one, new Nobody());
        assertThat(streamed.findings()).isEqualTo(loaded.findings());
        assertThat(streamed.grid()).isEqualTo(loaded.scan().map(Scan::grid));
        assertThat(streamed.areLabelled())
                .isEqualTo(loaded.scan().isPresent() && loaded.labels().isPresent());
        return streamed.findings();
    }

    private static final class Nobody implements StreamedCase.Watcher {
        @Override
        public void image(int channel, Grid grid, Voxels voxels, int length) {}

        @Override
        public void labels(Grid grid, Voxels voxels, int length) {}
    }
}
