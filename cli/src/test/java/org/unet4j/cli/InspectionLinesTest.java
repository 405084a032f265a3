package org.unet4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.unet4j.prep.Contents;

class InspectionLinesTest {

    @Test
    void aSpreadThatIsOnlyRoundingIsOneNumber() {
        assertThat(InspectionLines.spread(new Contents.Spread(1, 1.0000001, 1.0000002)))
                .isEqualTo("1");
        assertThat(InspectionLines.spread(new Contents.Spread(0.75, 1.5, 12345)))
                .isEqualTo("0.75 to 12345 (median 1.5)");
    }
}
