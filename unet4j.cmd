@echo off
rem Starts unet4j on Windows. Builds it first when there is no build, or when it is older than the sources.
rem   UNET4J_JAVA_OPTS   more options for the JVM, e.g. "-Xmx8g" for large scans
rem   UNET4J_NATIVES     cpu or cuda, in place of looking for a card
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"

rem Java 17 or newer: JAVA_HOME, then PATH.
set "java="
set "too_old="
if defined JAVA_HOME call :try_java "%JAVA_HOME%\bin\java.exe"
if not defined java for %%J in (java.exe) do call :try_java "%%~$PATH:J"
if not defined java (
  if defined too_old echo unet4j: too old or broken: %too_old%>&2
  echo unet4j: needs Java 17 or newer, and found none in JAVA_HOME or PATH. Install a JDK, e.g. from https://adoptium.net>&2
  exit /b 1
)

rem CUDA needs a driver, and a card that libtorch has machine code for.
set "silent="
if "%~1"=="" set "silent=yes"
rem What is shifted away stays in the list of all, which Java gets.
:look
if "%~1"=="" goto looked
for %%A in (-h --help -V --version --quiet --json) do if "%~1"=="%%A" set "silent=yes"
shift /1
goto look
:looked
set "natives=%UNET4J_NATIVES%"
if not defined natives call :find_card
if not "%natives%"=="cpu" if not "%natives%"=="cuda" (
  echo unet4j: UNET4J_NATIVES is '%natives%', must be cpu or cuda>&2
  exit /b 1
)

set "dist=%root%\cli\target\unet4j"
set "lib=%dist%\lib"
set "profile="
if "%natives%"=="cuda" set "lib=%dist%\lib-cuda"
if "%natives%"=="cuda" set "profile=-Pcuda"
set "stamp=%lib%\.built"

rem One build at a time: the lock is a file that only one process can have open for writing, until it ends.
set "waiting="
:again
call :is_current
if not errorlevel 1 goto start
if not exist "%lib%" mkdir "%lib%"
if not defined waiting echo unet4j: building with %natives% natives, a few seconds; the first time minutes, for downloads; log: %dist%\build.log>&2
set "waiting=yes"
set "ran="
call :build 9>"%dist%\.lock.cmd" 2>nul
if not defined ran (
  ping -n 2 127.0.0.1 >nul
  goto again
)
if not "%ran%"=="0" (
  type "%dist%\build.log">&2
  echo unet4j: the build failed: see above>&2
  exit /b 1
)

:start
set "jar="
for /f "delims=" %%F in ('dir /b "%lib%\unet4j-cli-*.jar"') do set "jar=%lib%\%%F"
if not defined jar (
  echo unet4j: the build made no jar: see %dist%\build.log>&2
  exit /b 1
)
rem The heap holds scans; tensors lie outside it. JavaCPP's own memory limits throw false OutOfMemoryErrors: off.
set "unsafe="
if %major% GEQ 24 set "unsafe=--sun-misc-unsafe-memory-access=allow"
set "collector=-XX:+UseSerialGC"
if defined UNET4J_JAVA_OPTS if not "%UNET4J_JAVA_OPTS:-XX:+Use=%"=="%UNET4J_JAVA_OPTS%" set "collector="
rem As in the script unet4j, with the reason.
if not defined OPENBLAS_NUM_THREADS set "OPENBLAS_NUM_THREADS=1"
"%java%" -Xmx2g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.logger=slf4j %collector% %unsafe% %UNET4J_JAVA_OPTS% -jar "%jar%" %*
exit /b %errorlevel%

:try_java
if "%~1"=="" exit /b 0
if not exist "%~1" exit /b 0
set "major=0"
set "said=%TEMP%\unet4j-java-%RANDOM%.txt"
"%~1" -version >nul 2>"%said%"
for /f "usebackq tokens=2,3" %%A in ("%said%") do if "%%A"=="version" for /f "tokens=1 delims=.-+" %%M in ("%%~B") do set "major=%%M"
del "%said%"
if %major% GEQ 17 set "java=%~1"
if %major% LSS 17 set "too_old=%~1"
exit /b 0

:find_card
set "natives=cpu"
for /f "tokens=1,2 delims=." %%A in ('nvidia-smi --query-gpu^=compute_cap --format^=csv^,noheader 2^>nul') do call :card "%%A" "%%B"
if "%natives%"=="cpu" if not defined silent echo unet4j: no NVIDIA card of compute capability 7.5 or more: computing on the CPU>&2
exit /b 0

rem Compared as text: a broken driver prints a message in place of a number.
:card
if "%~1.%~2"=="7.5" set "natives=cuda"
for %%N in (8 9 10 11 12 13 14 15) do if "%~1"=="%%N" set "natives=cuda"
exit /b 0

rem Succeeds when there is a jar and nothing that it was built from is newer.
:is_current
if not exist "%stamp%" exit /b 1
if not exist "%lib%\unet4j-cli-*.jar" exit /b 1
powershell -NoProfile -Command "$built = (Get-Item -Force -LiteralPath $env:stamp).LastWriteTimeUtc; foreach ($place in 'pom.xml', '.mvn', 'core\pom.xml', 'core\src\main', 'cli\pom.xml', 'cli\src\main', '.git\logs\HEAD') { $path = Join-Path $env:root $place; if (Test-Path -LiteralPath $path) { $all = @(Get-Item -Force -LiteralPath $path) + @(Get-ChildItem -Recurse -Force -LiteralPath $path); if ($all | Where-Object { $_.LastWriteTimeUtc -gt $built }) { exit 1 } } }; exit 0"
exit /b %errorlevel%

:build
type nul >"%stamp%.new"
set "saved=%JAVA_HOME%"
for %%H in ("%java%\..\..") do set "JAVA_HOME=%%~fH"
pushd "%root%"
call mvnw.cmd -B -ntp -Dquick %profile% -pl cli -am package >"%dist%\build.log" 2>&1 <nul
set "ran=%errorlevel%"
popd
set "JAVA_HOME=%saved%"
if "%ran%"=="0" move /y "%stamp%.new" "%stamp%" >nul
exit /b 0
