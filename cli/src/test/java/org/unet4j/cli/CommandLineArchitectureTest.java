package org.unet4j.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the command line leaves to the library, and what only {@link Main} does. */
class CommandLineArchitectureTest {
    private static final JavaClasses CLI = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.unet4j.cli");

    @Test
    void libtorchIsTheLibrarysBusiness() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CLI);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that()
                .areNotAssignableTo(Main.class)
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLI);
    }

    @Test
    void nobodyCallsTheGarbageCollector() {
        noClasses().should().callMethod(System.class, "gc").check(CLI);
    }
}
